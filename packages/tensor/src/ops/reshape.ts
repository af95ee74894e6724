import { contiguousKernel, view } from "../backend/reference/layout.ts";
import type { Strided } from "../dtype.ts";
import { ShapeError } from "../errors.ts";
import { definePrimitive } from "../primitive.ts";
import { checkShape, type Extents, product, type Shape, sameShape } from "../shape.ts";
import { rowMajor } from "../strided.ts";
import type { Tensor } from "../tensor.ts";

/** The strides of x under a shape that differs from its own in axes of extent 1 alone; null if it differs in others. */
function stridesWithout1(x: Strided, shape: Shape): readonly number[] | null {
  let from = 0;
  const stride: number[] = [];
  for (const n of shape) {
    while (n !== 1 && x.shape[from] === 1) from++;
    if (n !== 1 && x.shape[from] !== n) return null;
    stride.push(n === 1 ? 0 : (x.stride[from++] as number));
  }
  return stride;
}

const reshapePrimitive = definePrimitive<{ readonly shape: Shape }>({
  name: "reshape",
  forward: ({ shape }, x) => {
    const kept = stridesWithout1(x, shape);
    if (kept) return { out: view(x, shape, kept, x.offset) };
    const dense = contiguousKernel(x);
    return { out: view(dense, shape, rowMajor(shape), dense.offset) };
  },
  vjp: (ct, { ins: [x] }) => [() => reshape(ct, (x as Tensor).shape)],
});

/** The same numbers in row-major order under another shape. @throws ShapeError if the counts differ. */
export function reshape<const S extends Shape>(x: Tensor, shape: S): Tensor<Extents<S>> {
  checkShape("reshape", shape);
  const size = product(shape);
  if (size !== x.size) throw new ShapeError("reshape", `shape [${x.shape}] holds ${x.size} numbers, [${shape}] holds ${size}`);
  if (sameShape(x.shape, shape)) return x as Tensor as Tensor<Extents<S>>;
  return reshapePrimitive({ shape }, x) as Tensor as Tensor<Extents<S>>;
}
