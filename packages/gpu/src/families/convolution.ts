import { type Conv2dGeometry, type Extents4, isContiguous, type Strided, view } from "@lodo/tensor";
import type { Bench, Result, Rule } from "../rule.ts";
import { denseStrides, sizeOf } from "../source/positions.ts";
import { type Convolution, convolutionOf } from "./convolutionShape.ts";
import { denseForward, denseInputGradient } from "./denseConvolution.ts";
import { denseFilterGradient, groupedFilterGradient } from "./filterGradient.ts";
import { groupedForward, groupedInputGradient } from "./groupedConvolution.ts";

type Forward = Rule<readonly [x: Strided, filter: Strided, geometry: Conv2dGeometry]>;
type InputGradient = Rule<readonly [ct: Strided, filter: Strided, geometry: Conv2dGeometry, inputShape: Extents4]>;
type FilterGradient = Rule<readonly [x: Strided, ct: Strided, geometry: Conv2dGeometry, filterShape: Extents4]>;

const ofFilter = (image: readonly number[], filter: readonly number[], geometry: Conv2dGeometry): Convolution =>
  convolutionOf(image, filter, filter[3] as number, geometry);

/** As a filter of one channel a group: [kh, kw, c, m] → [kh, kw, 1, c m]. */
const asGroups = ([kh, kw, c, m]: readonly number[]): Extents4 => [kh as number, kw as number, 1, (c as number) * (m as number)];

/** The same for a view, where its last two axes run on; null elsewhere. */
function grouped(filter: Strided): Strided | null {
  const shape = asGroups(filter.shape);
  const last = filter.stride[3] as number;
  const runsOn = isContiguous(filter) || (filter.stride[2] as number) === (filter.shape[3] as number) * last;
  if (!runsOn) return null;
  const stride = isContiguous(filter) ? denseStrides(shape) : [filter.stride[0] as number, filter.stride[1] as number, 0, last];
  return view(filter, shape, stride, filter.offset);
}

const forward = (bench: Bench, x: Strided, f: Strided, c: Convolution): Result =>
  (c.groups === 1 ? denseForward : groupedForward)(bench, x, f, c);

const inputGradient = (bench: Bench, ct: Strided, f: Strided, c: Convolution): Result =>
  (c.groups === 1 ? denseInputGradient : groupedInputGradient)(bench, ct, f, c);

const filterGradient = (bench: Bench, x: Strided, ct: Strided, c: Convolution): Result =>
  (c.groups === 1 ? denseFilterGradient : groupedFilterGradient)(bench, x, ct, c);

export const conv2d: Forward = {
  name: "conv2d",
  operands: (x, filter) => [x, filter],
  work: (x, filter, geometry) => ofFilter(x.shape, filter.shape, geometry).work,
  run: (bench, x, filter, geometry) => forward(bench, x, filter, ofFilter(x.shape, filter.shape, geometry)),
};

export const conv2dInputGradient: InputGradient = {
  name: "conv2dInputGradient",
  operands: (ct, filter) => [ct, filter],
  work: (_, filter, geometry, inputShape) => ofFilter(inputShape, filter.shape, geometry).work,
  run: (bench, ct, filter, geometry, inputShape) => inputGradient(bench, ct, filter, ofFilter(inputShape, filter.shape, geometry)),
};

export const conv2dFilterGradient: FilterGradient = {
  name: "conv2dFilterGradient",
  operands: (x, ct) => [x, ct],
  work: (x, _, geometry, filterShape) => ofFilter(x.shape, filterShape, geometry).work,
  run: (bench, x, ct, geometry, filterShape) => filterGradient(bench, x, ct, ofFilter(x.shape, filterShape, geometry)),
};

/** Depthwise: a group for each channel. */
const ofDepthwise = (image: readonly number[], filter: readonly number[], geometry: Conv2dGeometry): Convolution =>
  convolutionOf(image, filter, sizeOf(filter.slice(2)), { ...geometry, groups: image[3] as number });

export const depthwiseConv2d: Forward = {
  name: "depthwiseConv2d",
  operands: (x, filter) => [x, filter],
  work: (x, filter, geometry) => ofDepthwise(x.shape, filter.shape, geometry).work,
  run: (bench, x, filter, geometry) => {
    const f = grouped(filter);
    return f && groupedForward(bench, x, f, ofDepthwise(x.shape, filter.shape, geometry));
  },
};

export const depthwiseConv2dInputGradient: InputGradient = {
  name: "depthwiseConv2dInputGradient",
  operands: (ct, filter) => [ct, filter],
  work: (_, filter, geometry, inputShape) => ofDepthwise(inputShape, filter.shape, geometry).work,
  run: (bench, ct, filter, geometry, inputShape) => {
    const f = grouped(filter);
    return f && groupedInputGradient(bench, ct, f, ofDepthwise(inputShape, filter.shape, geometry));
  },
};

export const depthwiseConv2dFilterGradient: FilterGradient = {
  name: "depthwiseConv2dFilterGradient",
  operands: (x, ct) => [x, ct],
  work: (x, _, geometry, filterShape) => ofDepthwise(x.shape, filterShape, geometry).work,
  run: (bench, x, ct, geometry, filterShape) => ({
    ...filterGradient(bench, x, ct, ofDepthwise(x.shape, filterShape, geometry)),
    shape: filterShape,
  }),
};
