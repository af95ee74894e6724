import { Matrix } from "ml-matrix";
import { allWeights, type LinearNetwork, type Weight } from "./linearNetwork.ts";

/** Three layers of 2×2 blocks on six units, fitted to a 6×6 matrix: found by descent from random starts at random targets of small integers. */
export const permutations: readonly Int32Array[] = [
  Int32Array.of(0, 1, 2, 3, 4, 5),
  Int32Array.of(0, 5, 3, 4, 1, 2),
  Int32Array.of(1, 5, 4, 3, 2, 0),
];

export const target: readonly (readonly number[])[] = [
  [0, 1, -2, 2, -2, 2],
  [-2, 2, 0, -2, 0, -1],
  [1, -1, 0, 0, 0, 0],
  [-1, 0, -1, 1, 2, -1],
  [-2, -2, 2, -1, 0, 1],
  [1, -1, 0, 2, -1, -2],
];

/** θ [3, 3, 2, 2] near a local minimum that is not global. */
export const nearBad: readonly number[] = [
  -0.95, -1.37, -0.2, 0.21, -1.22, 3.77, -1.13, 1.34, 0.93, -2.29, 1.47, -1.64, 2.48, 0.73, 0.73, 1.62, 2.37, 1.6, 0.2, 0.17, -2.02, 0,
  2.03, -0.18, -0.79, -1.7, 0.18, 3.54, 2.36, -0.04, -1.15, 4.07, -0.49, 0.67, 0.37, 0.01,
];

/** θ near a better one. */
export const nearBetter: readonly number[] = [
  -1.28, 0.97, -4.91, 3.38, 2.2, -3.43, -0.64, 1.1, -2.1, 1.06, 1.69, -1.87, -0.52, 1.58, 2.41, -0.42, -1.27, -1.65, -0.85, 0.76, 2.17,
  -0.03, 1.86, 0.79, 2.67, -0.88, -0.69, 0.5, -0.11, 0, 0.06, -1.25, 0.8, -0.9, -1.28, 1.39,
];

/** The weights of B(θ_N) P_N ⋯ B(θ₁) P₁ in the order of θ: blocks of side 2, each reading the two units that its permutation brings. */
export const blockWeights = (P: readonly Int32Array[]): readonly Weight[] =>
  P.flatMap((p, layer) =>
    Array.from(p, (_, to) => [0, 1].map((column) => ({ layer, to, from: p[to - (to % 2) + column] as number }))).flat(),
  );

/** ½ ‖G̃ − T‖_F² for a network that has these weights. */
export const fitTo = (weights: readonly Weight[]): LinearNetwork => ({
  widths: [6, 6, 6, 6],
  weights,
  inputs: Matrix.eye(6),
  outputs: new Matrix(target.map((row) => [...row])),
});

/** Dense layers in place of the blocks. */
export const denseWeights: readonly Weight[] = allWeights([6, 6, 6, 6]);
