import { conv2dFilterGradientKernel, conv2dInputGradientKernel, conv2dKernel } from "../backend/reference/convolution.ts";
import type { Extents4 } from "../backend/reference/geometry.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import type { Shape } from "../shape.ts";
import type { Images, Tensor } from "../tensor.ts";
import { type Convolution, checkCotangent, checkFilter, defineConvolution, type Filter } from "./convolution.ts";
import { checkImages, type Padding, type Pair, placeWindow } from "./window.ts";

export interface Conv2dOptions {
  /** From one window to the next, in pixels; 1 unless given. */
  readonly stride?: Pair;
  /** "valid" (none) unless given. */
  readonly padding?: Padding;
  /** Input and output channels fall into so many groups, in order, and only those of one group meet; 1 unless given. */
  readonly groups?: number;
}

const { forward, inputGradient, filterGradient } = defineConvolution("conv2d", {
  forward: conv2dKernel,
  inputGradient: conv2dInputGradientKernel,
  filterGradient: conv2dFilterGradientKernel,
});

/** Everything about a convolution that shapes and options decide. */
function resolve(
  op: string,
  input: Shape,
  filter: Shape,
  { stride = 1, padding = "valid", groups = 1 }: Conv2dOptions,
): Convolution & { readonly outShape: Extents4 } {
  const inputShape = checkImages(op, "x", input);
  const filterShape = checkFilter(op, filter, "kh, kw, ci / groups, co");
  const [[n, , , ci], [kh, kw, cig, co]] = [inputShape, filterShape];
  if (!Number.isSafeInteger(groups) || groups < 1) throw new ArgumentError(op, `groups must be a positive integer, got ${groups}`);
  if (ci % groups !== 0 || co % groups !== 0) {
    throw new ShapeError(op, `${groups} groups must divide the ${ci} channels of x [${input}] and the ${co} of the filter [${filter}]`);
  }
  if (cig * groups !== ci) {
    throw new ShapeError(op, `the filter's third extent must be ${ci} / ${groups} = ${ci / groups} for x [${input}], got [${filter}]`);
  }
  const { places, ...placement } = placeWindow(op, inputShape, [kh, kw], { stride, padding });
  return { geometry: { ...placement, groups }, inputShape, filterShape, outShape: [n, ...places, co] };
}

/**
 * The convolution of deep learning, which does not flip the filter:
 * y[b, i, j, o] = Σ x[b, i s − top + u, j s − left + v, c] filter[u, v, c, o], with 0 outside of x and c in the group of o.
 * x: [n, h, w, ci], filter: [kh, kw, ci / groups, co] → [n, oh, ow, co]. The reference sums in float64 in either dtype.
 * @throws ShapeError if ranks or channels do not fit, or no window does; ArgumentError for a stride, padding or groups outside their domain.
 */
export function conv2d(x: Images, filter: Filter, options: Conv2dOptions = {}): Images {
  return forward(resolve("conv2d", x.shape, filter.shape, options), x, filter) as Tensor as Images;
}

/**
 * The transpose of x ↦ conv2d(x, filter), known as transposed convolution. ct: [n, oh, ow, co] → `inputShape`.
 * @throws as conv2d does, and ShapeError unless ct has the shape of its result.
 */
export function conv2dInputGradient(ct: Images, filter: Filter, inputShape: Extents4, options: Conv2dOptions = {}): Images {
  const { outShape, ...convolution } = resolve("conv2dInputGradient", inputShape, filter.shape, options);
  checkCotangent("conv2dInputGradient", ct, outShape, convolution);
  return inputGradient(convolution, ct, filter) as Tensor as Images;
}

/**
 * The transpose of filter ↦ conv2d(x, filter). ct: [n, oh, ow, co] → `filterShape`.
 * @throws as conv2d does, and ShapeError unless ct has the shape of its result.
 */
export function conv2dFilterGradient(x: Images, ct: Images, filterShape: Extents4, options: Conv2dOptions = {}): Filter {
  const { outShape, ...convolution } = resolve("conv2dFilterGradient", x.shape, filterShape, options);
  checkCotangent("conv2dFilterGradient", ct, outShape, convolution);
  return filterGradient(convolution, x, ct) as Tensor as Filter;
}
