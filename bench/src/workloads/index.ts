import type { Entry } from "../workload.ts";
import { convolutionEntry, directions } from "./convolution.ts";
import { matmulEntry } from "./matmul.ts";

/** Every workload, in the order of the tables. */
export const entries: readonly Entry[] = [
  ...[64, 128, 256, 512, 1024].map((n) => matmulEntry(`${n}`, { M: n, K: n, N: n }, "float32")),
  matmulEntry("200704×40·40×20", { M: 200_704, K: 40, N: 20 }, "float32"),
  ...[64, 128, 256, 512].map((n) => matmulEntry(`${n}`, { M: n, K: n, N: n }, "float64")),
  ...directions.map(convolutionEntry),
];
