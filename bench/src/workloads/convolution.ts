import { conv2d, conv2dFilterGradient, conv2dInputGradient } from "@lodo/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { convolution as jaxConvolution } from "../contenders/jaxOps.ts";
import { filterGradient } from "../contenders/tfOps.ts";
import type { Convolution } from "./threeDirections.ts";

const same = { padding: "same" } as const;

/** 32 images of 28×28 from 20 channels to 40. */
export const convolution: Convolution = {
  name: "conv 3×3 32×28×28×20→40",
  shapes(size) {
    const [n, h, w, ci, co] = size === "quick" ? ([2, 5, 6, 3, 4] as const) : ([32, 28, 28, 20, 40] as const);
    return { x: [n, h, w, ci], filter: [3, 3, ci, co], ct: [n, h, w, co] };
  },
  ours: {
    forward: (x, filter) => conv2d(x, filter, same),
    inputGradient: (ct, filter, shape) => conv2dInputGradient(ct, filter, shape, same),
    filterGradient: (x, ct, shape) => conv2dFilterGradient(x, ct, shape, same),
  },
  tf: {
    forward: (x, filter) => tf.conv2d(x, filter, 1, "same"),
    inputGradient: (ct, filter, shape) => tf.conv2dTranspose(ct, filter, [...shape], 1, "same"),
    filterGradient,
  },
  tfPlain: {},
  byOps: new Set(["filter gradient"]),
  jax: jaxConvolution,
};
