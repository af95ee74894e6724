import { add, conv2d, depthwiseConv2d, type Filter, type Images, type Tensor } from "@lodo/tensor";
import type { Layer } from "./layer.ts";
import { lecunNormal } from "./lecunNormal.ts";

export type Convolution = Layer<{ readonly filter: Tensor; readonly bias: Tensor }>;

/** [n, h, w, from] → [n, h, w, to] through a k×k filter with zeros around the image, and a bias. */
export function convolution({ side: k, from, to }: { readonly side: number; readonly from: number; readonly to: number }): Convolution {
  return {
    init: (rng, options) => lecunNormal(rng, { name: "filter", shape: [k, k, from, to], fanIn: k * k * from, outputs: to }, options),
    apply: ({ filter, bias }, x) => add(conv2d(x as Images, filter as Filter, { padding: "same" }), bias),
  };
}

/** [n, h, w, channels] → [n, h, w, channels · multiplier]: each channel through k×k filters of its own with zeros around the image, and a bias. */
export function depthwiseConvolution({
  side: k,
  channels,
  multiplier: m,
}: {
  readonly side: number;
  readonly channels: number;
  readonly multiplier: number;
}): Convolution {
  return {
    init: (rng, options) => lecunNormal(rng, { name: "filter", shape: [k, k, channels, m], fanIn: k * k, outputs: channels * m }, options),
    apply: ({ filter, bias }, x) => add(depthwiseConv2d(x as Images, filter as Filter, { padding: "same" }), bias),
  };
}
