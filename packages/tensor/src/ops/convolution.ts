import type { Conv2dGeometry, Extents4 } from "../backend/reference/geometry.ts";
import type { Strided } from "../dtype.ts";
import { ShapeError } from "../errors.ts";
import { definePrimitive, type Op } from "../primitive.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** A filter: [kh, kw, ci, co]. */
export type Filter = Tensor<Extents4>;

/** Which convolution: its geometry, and the shapes of what it takes. */
export interface Convolution {
  readonly geometry: Conv2dGeometry;
  readonly inputShape: Extents4;
  readonly filterShape: Extents4;
}

interface Kernels {
  forward(x: Strided, filter: Strided, geometry: Conv2dGeometry): Strided;
  inputGradient(ct: Strided, filter: Strided, geometry: Conv2dGeometry, inputShape: Extents4): Strided;
  filterGradient(x: Strided, ct: Strided, geometry: Conv2dGeometry, filterShape: Extents4): Strided;
}

interface Convolutions {
  readonly forward: Op<Convolution>;
  readonly inputGradient: Op<Convolution>;
  readonly filterGradient: Op<Convolution>;
}

/**
 * A convolution is T(x, f, y) = Σ x f y over all that meet, read as a bilinear map in three ways: y* of x and f, x* of y and f, f* of x and y.
 * The derivatives of each are the other two, so that these three primitives are all there is, at any order.
 */
export function defineConvolution(name: string, kernels: Kernels): Convolutions {
  const forward: Op<Convolution> = definePrimitive<Convolution>({
    name,
    forward: ({ geometry }, x, f) => ({ out: kernels.forward(x as Strided, f as Strided, geometry) }),
    vjp: (ct, { attrs, ins: [x, f] }) => [() => inputGradient(attrs, ct, f as Tensor), () => filterGradient(attrs, x as Tensor, ct)],
  });
  const inputGradient: Op<Convolution> = definePrimitive<Convolution>({
    name: `${name}InputGradient`,
    forward: ({ geometry, inputShape }, y, f) => ({ out: kernels.inputGradient(y as Strided, f as Strided, geometry, inputShape) }),
    vjp: (ct, { attrs, ins: [y, f] }) => [() => forward(attrs, ct, f as Tensor), () => filterGradient(attrs, ct, y as Tensor)],
  });
  const filterGradient: Op<Convolution> = definePrimitive<Convolution>({
    name: `${name}FilterGradient`,
    forward: ({ geometry, filterShape }, x, y) => ({ out: kernels.filterGradient(x as Strided, y as Strided, geometry, filterShape) }),
    vjp: (ct, { attrs, ins: [x, y] }) => [() => inputGradient(attrs, y as Tensor, ct), () => forward(attrs, x as Tensor, ct)],
  });
  return { forward, inputGradient, filterGradient };
}

/** @throws ShapeError unless a filter has rank 4 and no extent 0. */
export function checkFilter(op: string, shape: Shape, axes: string): Extents4 {
  if (shape.length !== 4 || shape.some((n) => !(n >= 1))) {
    throw new ShapeError(op, `filter must be [${axes}] with no extent below 1, got [${shape}]`);
  }
  return shape as Extents4;
}

/** @throws ShapeError unless a cotangent is of the shape that the convolution gives. */
export function checkCotangent(op: string, ct: Tensor, expected: Shape, { inputShape, filterShape }: Convolution): void {
  if (ct.shape.join() !== expected.join()) {
    const of = `of images [${inputShape}] under a filter [${filterShape}]`;
    throw new ShapeError(op, `ct must be [${expected}], the shape ${of}, got [${ct.shape}]`);
  }
}
