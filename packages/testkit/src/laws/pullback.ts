import { add, array, epsilon, jvp, type Rng, scale, type Tensor, tensor, vjp } from "@lodo/tensor";
import { expectClose, expectSameBits, expectShape } from "../counterexample.ts";
import { jacobianRows, magnitudes, numbers, weights } from "../derivatives.ts";
import type { Law } from "../law.ts";
import { type Differentiable, type Sample, scaleOf } from "../sample.ts";

/** Multiples of 2⁻⁸: a cast to float32 on the way rounds nothing away. */
const drawLike = (rng: Rng, t: Tensor): Tensor => {
  const draw = (): number => (rng.integer(1025) - 512) / 256;
  return tensor(Float64Array.from({ length: t.size }, draw), t.shape, { dtype: t.dtype });
};
const flat = (ts: readonly Tensor[]): readonly number[] => ts.flatMap((t) => [...numbers(t)]);
const inner = (a: readonly number[], b: readonly number[]): number => a.reduce((s, x, i) => s + x * (b[i] ?? 0), 0);
const pull = (sample: Sample, xs: readonly Tensor[]) => vjp((zs: readonly Tensor[]) => sample.f(...zs), xs);
const absolute = (xs: readonly number[]): readonly number[] => xs.map(Math.abs);

/** |Jᵢⱼ| and what may have cancelled in it: Mᵢ/hⱼ, the size of the derivative of something of magnitude M on the length scale h. */
export function jacobianSizes(sample: Differentiable, xs: readonly Tensor[]): readonly (readonly number[])[] {
  const J = jacobianRows(sample, xs);
  const M = magnitudes(sample, numbers(sample.f(...xs)), J, xs);
  const h = xs.flatMap((x, k) => Array.from({ length: x.size }, () => scaleOf(sample, k)));
  return J.map((row, i) => h.map((scale, j) => Math.abs(row[j] ?? 0) + (M[i] ?? 0) / scale));
}

/**
 * ⟨v, J u⟩ = ⟨Jᵀ v, u⟩. Both sides are Σ vᵢ Jᵢⱼ uⱼ, summed in different orders: each is off by at most as many roundings as there are terms and
 * factors, times ε Σ |vᵢ| |Jᵢⱼ| |uⱼ|, with the sizes of `jacobianSizes`.
 */
export const adjointLaw: Law<Sample> = {
  name: "jvp and vjp are adjoint",
  check: (sample, rng) => {
    const xs = sample.inputs(rng);
    const us = xs.map((x) => drawLike(rng, x));
    const [y, pullback] = pull(sample, xs);
    const v = drawLike(rng, y);
    const [, Ju] = jvp((zs: readonly Tensor[]) => sample.f(...zs), xs, us);
    expectShape(`J u of ${sample.name}`, Ju.shape, y.shape);
    const [left, right] = [inner(flat([v]), flat([Ju])), inner(flat(pullback(v)), flat(us))];
    const terms = inner(
      absolute(flat([v])),
      jacobianSizes(sample, xs).map((row) => inner(row, absolute(flat(us)))),
    );
    const roundings = y.size + flat(us).length + 2 * sample.roundings + 4;
    expectClose(`⟨Jᵀv, u⟩ of ${sample.name} against ⟨v, Ju⟩`, right, left, roundings * epsilon.float64 * terms);
    return 1;
  },
};

/**
 * Jᵀ(2v) = 2 Jᵀv to the bit, because doubling is exact; and Jᵀ(v + w) = Jᵀv + Jᵀw up to the roundings of each side, ε Σ |Jᵢⱼ| (|vᵢ| + |wᵢ|) times
 * the number of terms and factors.
 */
export const linearityLaw: Law<Sample> = {
  name: "the pullback is linear",
  check: (sample, rng) => {
    const xs = sample.inputs(rng);
    const [y, pullback] = pull(sample, xs);
    const [v, w] = [drawLike(rng, y), drawLike(rng, y)];
    const [Jv, Jw, Jsum, Jtwice] = [v, w, add(v, w), scale(2, v)].map((ct) => flat(pullback(ct))) as [
      number[],
      number[],
      number[],
      number[],
    ];
    expectSameBits(
      `Jᵀ(2v) of ${sample.name}`,
      Jtwice,
      Jv.map((x) => 2 * x),
    );
    const J = jacobianSizes(sample, xs);
    const roundings = y.size + 2 * sample.roundings + 4;
    Jsum.forEach((got, j) => {
      const terms = inner(
        J.map((row) => row[j] ?? 0),
        flat([v]).map((a, i) => Math.abs(a) + Math.abs(flat([w])[i] ?? 0)),
      );
      expectClose(`Jᵀ(v + w)[${j}] of ${sample.name}`, got, (Jv[j] ?? 0) + (Jw[j] ?? 0), 2 * roundings * epsilon.float64 * terms);
    });
    return 2 * Jsum.length;
  },
};

/** A cotangent is of its input's shape and dtype; where there are no outputs it is zero. */
export const cotangentLaw: Law<Sample> = {
  name: "cotangents fit their inputs, also where there are no elements",
  check: (sample, rng) => {
    const xs = sample.inputs(rng);
    const [y, pullback] = pull(sample, xs);
    for (const [k, ct] of pullback(weights(y)).entries()) {
      const x = xs[k] as Tensor;
      expectShape(`cotangent of input ${k} of ${sample.name}`, ct.shape, x.shape);
      expectSameBits(`dtype of cotangent ${k} of ${sample.name}`, [Number(ct.dtype === x.dtype)], [1]);
      if (y.size === 0) for (const c of array(ct)) expectClose(`cotangent of input ${k} of ${sample.name}`, c, 0, 0);
    }
    return xs.length;
  },
};
