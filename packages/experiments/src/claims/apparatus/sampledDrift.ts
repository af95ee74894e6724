import type { Rng } from "@lodo/tensor";
import { Matrix as Dense } from "ml-matrix";
import { type ErrorDynamics, product } from "./errorDynamics.ts";
import { drawNoise, type NoiseFamily } from "./noiseFamilies.ts";

export interface MeanDrift {
  /** The mean of −H b_{t+1} b_tᵀ H², the drift of (5) for each unit of α. */
  readonly mean: Dense;
  /** Of each entry. */
  readonly standardError: Dense;
}

/** Independent runs of (7), the steps that let each forget its start, and those it is averaged over. */
const [runs, forget, average] = [400, 40, 10];

/** Monte Carlo over s_t with A frozen, in plain arithmetic. */
export function meanDrift({ A, H, L }: ErrorDynamics, family: NoiseFamily, rng: Rng): MeanDrift {
  const n = A.rows;
  const [step, mix] = [A.to2DArray(), L.to2DArray()];
  const times = (M: number[][], v: readonly number[]): number[] => M.map((row) => row.reduce((sum, m, j) => sum + m * (v[j] as number), 0));
  const samples: Dense[] = [];
  for (let run = 0; run < runs; run++) {
    let b = new Array<number>(n).fill(0);
    const products = Dense.zeros(n, n);
    for (let t = 0; t < forget + average; t++) {
      // (7)  b_{t+1} = A b_t − s_t
      const s = times(mix, drawNoise(rng, family, n));
      const next = times(step, b).map((Ab, i) => Ab - (s[i] as number));
      if (t >= forget)
        for (let i = 0; i < n; i++)
          for (let j = 0; j < n; j++) products.set(i, j, products.get(i, j) + ((next[i] as number) * (b[j] as number)) / average);
      b = next;
    }
    // The part of (5) that drifts: −H b_{t+1} b_tᵀ H²
    samples.push(product(H, products, H, H).mul(-1));
  }
  const mean = samples.reduce((sum, x) => sum.add(x), Dense.zeros(n, n)).div(runs);
  const squares = samples.reduce((sum, x) => sum.add(Dense.sub(x, mean).pow(2)), Dense.zeros(n, n));
  return { mean, standardError: squares.div(runs * (runs - 1)).sqrt() };
}
