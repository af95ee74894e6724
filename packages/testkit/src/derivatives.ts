import { array, basis, concat, createRng, reshape, type Tensor, tensor, vjp } from "@lodo/tensor";
import type { Differentiable } from "./sample.ts";

/** A cotangent for every shape: fixed numbers with 0.5 ≤ |w| < 1.5. */
export function weights(like: Tensor): Tensor {
  const rng = createRng(like.size).split(like.shape.join());
  const draw = (): number => (rng.uniform() < 0.5 ? -1 : 1) * (0.5 + rng.uniform());
  return tensor(Float64Array.from({ length: like.size }, draw), like.shape, { dtype: like.dtype });
}

/** The numbers in row-major order, in float64. */
export const numbers = (t: Tensor): Float64Array => Float64Array.from(array(t));

export const flatten = (ts: readonly Tensor[]): Tensor =>
  ts.length === 1 ? reshape(ts[0] as Tensor, [(ts[0] as Tensor).size]) : concat(ts.map((t) => reshape(t, [t.size])));

/** Jᵀ w as a function of the inputs, flattened end to end. */
export function pulledBack({ f }: Pick<Differentiable, "f">): (...xs: readonly Tensor[]) => Tensor {
  return (...xs) => {
    const [y, pullback] = vjp((zs: readonly Tensor[]) => f(...zs), xs);
    return flatten(pullback(weights(y)));
  };
}

/** J by reverse mode: for each output, a row over all inputs end to end. */
export function jacobianRows({ f }: Pick<Differentiable, "f">, xs: readonly Tensor[]): readonly Float64Array[] {
  const [y, pullback] = vjp((zs: readonly Tensor[]) => f(...zs), xs);
  return Array.from({ length: y.size }, (_, i) => {
    const ct = reshape(basis(y.size, i, { dtype: y.dtype }), y.shape);
    return Float64Array.from(pullback(ct).flatMap((t) => [...numbers(t)]));
  });
}

/**
 * |fᵢ| + Σⱼ |Jᵢⱼ xⱼ|: up to a few roundings ε times this is what rounding can change in fᵢ. The sum is the size of the terms of a linear map
 * and the condition of a smooth one. Of coupled outputs, the largest counts for all.
 */
export function magnitudes(
  { coupled = false }: Pick<Differentiable, "coupled">,
  y: ArrayLike<number>,
  J: readonly Float64Array[],
  xs: readonly Tensor[],
): Float64Array {
  const x = Float64Array.from(xs.flatMap((t) => [...numbers(t)]));
  const M = Float64Array.from(J, (row, i) => row.reduce((s, d, j) => s + Math.abs(d * (x[j] ?? 0)), Math.abs(y[i] ?? 0)));
  return coupled ? M.fill(Math.max(...M)) : M;
}
