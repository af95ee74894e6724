import {
  depthwiseConv2dFilterGradientKernel,
  depthwiseConv2dInputGradientKernel,
  depthwiseConv2dKernel,
} from "../backend/reference/depthwise.ts";
import type { Extents4 } from "../backend/reference/geometry.ts";
import { ShapeError } from "../errors.ts";
import type { Shape } from "../shape.ts";
import type { Images, Tensor } from "../tensor.ts";
import { type Convolution, checkCotangent, checkFilter, defineConvolution, type Filter } from "./convolution.ts";
import { checkImages, type Padding, type Pair, placeWindow } from "./window.ts";

export interface DepthwiseConv2dOptions {
  /** From one window to the next, in pixels; 1 unless given. */
  readonly stride?: Pair;
  /** "valid" (none) unless given. */
  readonly padding?: Padding;
}

const { forward, inputGradient, filterGradient } = defineConvolution("depthwiseConv2d", {
  forward: depthwiseConv2dKernel,
  inputGradient: depthwiseConv2dInputGradientKernel,
  filterGradient: depthwiseConv2dFilterGradientKernel,
});

/** Everything about a convolution that shapes and options decide. */
function resolve(
  op: string,
  input: Shape,
  filter: Shape,
  { stride = 1, padding = "valid" }: DepthwiseConv2dOptions,
): Convolution & { readonly outShape: Extents4 } {
  const inputShape = checkImages(op, "x", input);
  const filterShape = checkFilter(op, filter, "kh, kw, c, m");
  const [[n, , , groups], [kh, kw, channels, m]] = [inputShape, filterShape];
  if (channels !== groups) {
    throw new ShapeError(op, `the filter's third extent must be the ${groups} channels of x [${input}], got [${filter}]`);
  }
  const { places, ...placement } = placeWindow(op, inputShape, [kh, kw], { stride, padding });
  return { geometry: { ...placement, groups }, inputShape, filterShape, outShape: [n, ...places, groups * m] };
}

/**
 * Each channel under m filters of its own: y[b, i, j, c m + q] = Σ x[b, i s − top + u, j s − left + v, c] filter[u, v, c, q], with 0 outside of x.
 * x: [n, h, w, c], filter: [kh, kw, c, m] → [n, oh, ow, c m], the channels in TensorFlow's order. The reference sums in float64 in either dtype.
 * @throws ShapeError if ranks or channels do not fit, or no window does; ArgumentError for a stride or padding outside its domain.
 */
export function depthwiseConv2d(x: Images, filter: Filter, options: DepthwiseConv2dOptions = {}): Images {
  return forward(resolve("depthwiseConv2d", x.shape, filter.shape, options), x, filter) as Tensor as Images;
}

/**
 * The transpose of x ↦ depthwiseConv2d(x, filter). ct: [n, oh, ow, c m] → `inputShape`.
 * @throws as depthwiseConv2d does, and ShapeError unless ct has the shape of its result.
 */
export function depthwiseConv2dInputGradient(
  ct: Images,
  filter: Filter,
  inputShape: Extents4,
  options: DepthwiseConv2dOptions = {},
): Images {
  const { outShape, ...convolution } = resolve("depthwiseConv2dInputGradient", inputShape, filter.shape, options);
  checkCotangent("depthwiseConv2dInputGradient", ct, outShape, convolution);
  return inputGradient(convolution, ct, filter) as Tensor as Images;
}

/**
 * The transpose of filter ↦ depthwiseConv2d(x, filter). ct: [n, oh, ow, c m] → `filterShape`.
 * @throws as depthwiseConv2d does, and ShapeError unless ct has the shape of its result.
 */
export function depthwiseConv2dFilterGradient(x: Images, ct: Images, filterShape: Extents4, options: DepthwiseConv2dOptions = {}): Filter {
  const { outShape, ...convolution } = resolve("depthwiseConv2dFilterGradient", x.shape, filterShape, options);
  checkCotangent("depthwiseConv2dFilterGradient", ct, outShape, convolution);
  return filterGradient(convolution, x, ct) as Tensor as Filter;
}
