import type { Entry } from "../workload.ts";
import { bandwidthEntries } from "./bandwidth.ts";
import { lodoOnBowl, methodsOnBowl } from "./bowl.ts";
import { convolution } from "./convolution.ts";
import { depthwise } from "./depthwise.ts";
import { gradientEntry } from "./gradient.ts";
import { imageNetworkEntry } from "./imageNetwork.ts";
import { imageStep } from "./imageStep.ts";
import { lodoEntries } from "./lodo.ts";
import { matmulEntry } from "./matmul.ts";
import { perOperation } from "./perOperation.ts";
import { threeDirections } from "./threeDirections.ts";

/** Every workload, in the order of the tables. */
export const entries: readonly Entry[] = [
  ...[64, 128, 256, 512, 1024].map((n) => matmulEntry(`${n}`, { M: n, K: n, N: n }, "float32")),
  matmulEntry("200704×40·40×20", { M: 200_704, K: 40, N: 20 }, "float32"),
  ...[64, 128, 256, 512].map((n) => matmulEntry(`${n}`, { M: n, K: n, N: n }, "float64")),
  ...threeDirections(convolution),
  ...threeDirections(depthwise),
  ...[8, 32].map(imageNetworkEntry),
  imageStep,
  ...[100, 10_000, 94_696].flatMap(lodoEntries),
  lodoOnBowl,
  methodsOnBowl,
  gradientEntry,
  perOperation("reference"),
  perOperation("simd"),
  ...bandwidthEntries,
];
