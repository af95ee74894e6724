import type { Rng } from "@lodo/tensor";

export type NoiseFamily = "normal" | "uniform" | "signs" | "lopsided";

/** Light-tailed distributions of mean 0 and variance 1; all but the normal one are bounded. */
const draws: Readonly<Record<NoiseFamily, (rng: Rng) => number>> = {
  normal: (rng) => rng.normal(),
  uniform: (rng) => Math.sqrt(12) * (rng.uniform() - 0.5),
  signs: (rng) => (rng.uniform() < 0.5 ? -1 : 1),
  // 2 with probability 1/5 and −½ else: with a third moment.
  lopsided: (rng) => (rng.uniform() < 0.2 ? 2 : -0.5),
};

export const noiseFamilies: readonly NoiseFamily[] = Object.keys(draws) as NoiseFamily[];

export const boundedNoiseFamilies: readonly NoiseFamily[] = noiseFamilies.filter((family) => family !== "normal");

/** The bound of |ξ| in a bounded family. */
export const largestNoise: Readonly<Record<NoiseFamily, number>> = {
  normal: Number.POSITIVE_INFINITY,
  uniform: Math.sqrt(3),
  signs: 1,
  lopsided: 2,
};

/** n independent draws. */
export const drawNoise = (rng: Rng, family: NoiseFamily, n: number): number[] => Array.from({ length: n }, () => draws[family](rng));
