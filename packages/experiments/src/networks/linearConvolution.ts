import { conv2d, type Filter, type Images, type Tensor } from "@lodo/tensor";
import { heNormal } from "./heNormal.ts";
import type { Layer } from "./layer.ts";

/**
 * [n, h, w, from] → [n, ⌈h/stride⌉, ⌈w/stride⌉, to] through a k×k filter, k odd, with (k − 1)/2 zeros on every side of the image, so that a window's
 * middle lies where a 1×1 filter of the same stride would look; without a bias, which a normalisation after it would take away.
 */
export function linearConvolution({
  side: k,
  from,
  to,
  stride = 1,
}: {
  readonly side: number;
  readonly from: number;
  readonly to: number;
  readonly stride?: number;
}): Layer<{ readonly filter: Tensor }> {
  const around = [(k - 1) / 2, (k - 1) / 2] as const;
  return {
    init: (rng, options) => ({ filter: heNormal(rng.split("filter"), { shape: [k, k, from, to], fanIn: k * k * from }, options) }),
    apply: ({ filter }, x) => conv2d(x as Images, filter as Filter, { stride, padding: [around, around] }),
  };
}
