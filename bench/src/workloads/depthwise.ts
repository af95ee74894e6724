import { depthwiseConv2d, depthwiseConv2dFilterGradient, depthwiseConv2dInputGradient } from "@lodo/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { depthwise as jaxDepthwise } from "../contenders/jaxOps.ts";
import * as kernels from "../contenders/tfGradients.ts";
import { depthwiseFilterGradient, depthwiseInputGradient } from "../contenders/tfOps.ts";
import type { Convolution } from "./threeDirections.ts";

const same = { padding: "same" } as const;

/** The depthwise convolution of the image network: 32 images of 28×28, 40 channels under three filters each. */
export const depthwise: Convolution = {
  name: "depthwise 3×3 32×28×28×40→120",
  shapes(size) {
    const [n, h, w, c, m] = size === "quick" ? ([2, 5, 6, 3, 2] as const) : ([32, 28, 28, 40, 3] as const);
    return { x: [n, h, w, c], filter: [3, 3, c, m], ct: [n, h, w, c * m] };
  },
  ours: {
    forward: (x, filter) => depthwiseConv2d(x, filter, same),
    inputGradient: (ct, filter, shape) => depthwiseConv2dInputGradient(ct, filter, shape, same),
    filterGradient: (x, ct, shape) => depthwiseConv2dFilterGradient(x, ct, shape, same),
  },
  tf: {
    forward: (x, filter) => tf.depthwiseConv2d(x, filter, 1, "same"),
    inputGradient: depthwiseInputGradient,
    filterGradient: depthwiseFilterGradient,
  },
  tfPlain: { inputGradient: kernels.depthwiseInputGradient, filterGradient: kernels.depthwiseFilterGradient },
  byOps: new Set(["input gradient", "filter gradient"]),
  jax: jaxDepthwise,
};
