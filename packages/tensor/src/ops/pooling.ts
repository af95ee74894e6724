import type { Extents4, PoolGeometry } from "../backend/reference/geometry.ts";
import { avgPool2dGradientKernel, avgPool2dKernel, maxPool2dKernel } from "../backend/reference/pooling.ts";
import type { Strided } from "../dtype.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { definePrimitive, type Op } from "../primitive.ts";
import type { Shape } from "../shape.ts";
import type { Images, Tensor } from "../tensor.ts";
import { scatterAdd } from "./gather.ts";
import { reshape } from "./reshape.ts";
import { checkImages, checkPair, type Padding, type Pair, placeWindow } from "./window.ts";

export interface PoolOptions {
  readonly window: Pair;
  /** From one window to the next, in pixels; the window's own extents unless given, so that windows tile the image. */
  readonly stride?: Pair;
  /** "valid" (none) unless given. Padding is not part of a window: every window must reach the image. */
  readonly padding?: Padding;
}

interface Pooling {
  readonly geometry: PoolGeometry;
  readonly inputShape: Extents4;
}

function resolve(op: string, shape: Shape, options: PoolOptions): Pooling & { readonly outShape: Extents4 } {
  const inputShape = checkImages(op, "x", shape);
  const window = checkPair(op, "window", options.window);
  const { places, ...placement } = placeWindow(op, inputShape, window, {
    stride: options.stride ?? window,
    padding: options.padding ?? "valid",
  });
  const outside = placement.padding.some((n, side) => n >= (window[side < 2 ? 0 : 1] as number));
  if (outside) {
    const [top, bottom, left, right] = placement.padding;
    throw new ArgumentError(op, `padding must be narrower than the window [${window}], got [[${top},${bottom}],[${left},${right}]]`);
  }
  return { geometry: { window, ...placement }, inputShape, outShape: [inputShape[0], ...places, inputShape[3]] };
}

const averages: Op<Pooling> = definePrimitive<Pooling>({
  name: "avgPool2d",
  forward: ({ geometry }, x) => ({ out: avgPool2dKernel(x as Strided, geometry) }),
  vjp: (ct, { attrs }) => [() => shares(attrs, ct)],
});

/** The transpose of averages. */
const shares: Op<Pooling> = definePrimitive<Pooling>({
  name: "avgPool2dGradient",
  forward: ({ geometry, inputShape }, ct) => ({ out: avgPool2dGradientKernel(ct as Strided, geometry, inputShape) }),
  vjp: (ct, { attrs }) => [() => averages(attrs, ct)],
});

/**
 * The mean of each window, [n, h, w, c] → [n, oh, ow, c]; padding is not counted. The reference sums in float64 in either dtype.
 * @throws ShapeError if x is no batch of images or no window fits, ArgumentError for a window, stride or padding outside its domain.
 */
export function avgPool2d(x: Images, options: PoolOptions): Images {
  return averages(resolve("avgPool2d", x.shape, options), x) as Tensor as Images;
}

/**
 * The transpose of avgPool2d: each element of ct [n, oh, ow, c] in equal shares on its window. → `inputShape`.
 * @throws as avgPool2d does, and ShapeError unless ct has the shape of its result.
 */
export function avgPool2dGradient(ct: Images, inputShape: Extents4, options: PoolOptions): Images {
  const { outShape, ...pooling } = resolve("avgPool2dGradient", inputShape, options);
  if (ct.shape.join() !== outShape.join()) {
    throw new ShapeError("avgPool2dGradient", `ct must be [${outShape}], the shape of pools on images [${inputShape}], got [${ct.shape}]`);
  }
  return shares(pooling, ct) as Tensor as Images;
}

const maxima = definePrimitive<Pooling, Int32Array>({
  name: "maxPool2d",
  forward: ({ geometry }, x) => {
    const { out, positions } = maxPool2dKernel(x as Strided, geometry);
    return { out, saved: positions };
  },
  vjp: (ct, { attrs: { inputShape }, ins: [x], saved }) => [
    () => reshape(scatterAdd(reshape(ct, [ct.size]), saved as Int32Array, { size: (x as Tensor).size }), inputShape),
  ],
});

/**
 * The largest element of each window, [n, h, w, c] → [n, oh, ow, c]; padding never wins. At a tie the first in raster order takes the
 * cotangent. NaN if the window holds one, which then takes it.
 * @throws as avgPool2d does.
 */
export function maxPool2d(x: Images, options: PoolOptions): Images {
  return maxima(resolve("maxPool2d", x.shape, options), x) as Tensor as Images;
}
