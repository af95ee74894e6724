import { contiguousKernel, view } from "../backend/reference/layout.ts";
import { ShapeError } from "../errors.ts";
import { definePrimitive } from "../primitive.ts";
import { checkShape, type Extents, product, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

const reshapePrimitive = definePrimitive<{ readonly shape: Shape }>({
  name: "reshape",
  forward: ({ shape }, x) => {
    const dense = contiguousKernel(x);
    const stride = shape.map((_, d) => product(shape.slice(d + 1)));
    return { out: view(dense, shape, stride, dense.offset) };
  },
  vjp: (ct, { ins: [x] }) => [() => reshape(ct, (x as Tensor).shape)],
});

/** The same numbers in row-major order under another shape. @throws ShapeError if the counts differ. */
export function reshape<const S extends Shape>(x: Tensor, shape: S): Tensor<Extents<S>> {
  checkShape("reshape", shape);
  const size = product(shape);
  if (size !== x.size) throw new ShapeError("reshape", `shape [${x.shape}] holds ${x.size} numbers, [${shape}] holds ${size}`);
  if (x.shape.length === shape.length && x.shape.every((n, d) => n === shape[d])) return x as Tensor as Tensor<Extents<S>>;
  return reshapePrimitive({ shape }, x) as Tensor as Tensor<Extents<S>>;
}
