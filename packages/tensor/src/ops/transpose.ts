import { view } from "../backend/reference/layout.ts";
import { ShapeError } from "../errors.ts";
import { definePrimitive, type Op } from "../primitive.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

const inverse = (axes: readonly number[]): readonly number[] => axes.map((_, d) => axes.indexOf(d));

const transposePrimitive: Op<{ readonly axes: readonly number[] }> = definePrimitive<{ readonly axes: readonly number[] }>({
  name: "transpose",
  forward: ({ axes }, x) => ({
    out: view(
      x,
      axes.map((d) => x.shape[d] as number),
      axes.map((d) => x.stride[d] as number),
      x.offset,
    ),
  }),
  vjp: (ct, { attrs: { axes } }) => [() => transposePrimitive({ axes: inverse(axes) }, ct)],
});

/**
 * y[i_{axes[0]}, i_{axes[1]}, …] = x[i₀, i₁, …], without copying: axis d of y is axis `axes[d]` of x. Reverses all axes unless told.
 * @throws ShapeError if `axes` is no permutation of x's axes.
 */
export function transpose<S extends Shape>(
  x: Tensor<S>,
  axes: readonly number[] = x.shape.map((_, d) => x.shape.length - 1 - d),
): Tensor<S> {
  const sorted = [...axes].sort((a, b) => a - b);
  if (axes.length !== x.shape.length || sorted.some((d, i) => d !== i)) {
    throw new ShapeError("transpose", `axes must be a permutation of the ${x.shape.length} axes of [${x.shape}], got [${axes}]`);
  }
  return transposePrimitive({ axes }, x) as Tensor as Tensor<S>;
}
