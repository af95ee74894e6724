import { concatKernel } from "../backend/reference/layout.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { definePrimitive } from "../primitive.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { normalizeAxis } from "./axes.ts";
import { reshape } from "./reshape.ts";
import { slice } from "./slice.ts";

const concatPrimitive = definePrimitive<{ readonly axis: number }>({
  name: "concat",
  forward: ({ axis }, ...xs) => ({ out: concatKernel(xs, axis) }),
  vjp: (ct, { attrs: { axis }, ins }) => {
    let end = 0;
    return ins.map(({ shape }) => {
      const first = end;
      end += shape[axis] as number;
      const start = shape.map((_, d) => (d === axis ? first : 0));
      const stop = shape.map((n, d) => (d === axis ? first + n : n));
      return () => slice(ct, { start, stop });
    });
  },
});

/**
 * Tensors end to end along an axis (the first unless named).
 * @throws ArgumentError if there are none, ShapeError if another extent differs.
 */
export function concat<S extends Shape>(xs: readonly Tensor<S>[], { axis = 0 }: { readonly axis?: number } = {}): Tensor<S> {
  const first = xs[0];
  if (!first) throw new ArgumentError("concat", "expected at least one tensor, got none");
  const along = normalizeAxis("concat", axis, first.shape.length);
  for (const x of xs) {
    const fits = x.shape.length === first.shape.length && x.shape.every((n, d) => d === along || n === first.shape[d]);
    if (!fits) throw new ShapeError("concat", `shapes must agree except on axis ${along}, got [${first.shape}] and [${x.shape}]`);
  }
  return concatPrimitive({ axis: along }, ...xs) as Tensor as Tensor<S>;
}

/** Tensors of one shape as slices of a new axis (the first unless named). @throws as concat does. */
export function stack(xs: readonly Tensor[], { axis = 0 }: { readonly axis?: number } = {}): Tensor {
  const first = xs[0];
  if (!first) throw new ArgumentError("stack", "expected at least one tensor, got none");
  const at = normalizeAxis("stack", axis, first.shape.length + 1);
  for (const x of xs)
    if (x.shape.join() !== first.shape.join()) throw new ShapeError("stack", `shapes must agree, got [${first.shape}] and [${x.shape}]`);
  const shape = [...first.shape.slice(0, at), 1, ...first.shape.slice(at)];
  return concat(
    xs.map((x) => reshape(x, shape)),
    { axis: at },
  );
}
