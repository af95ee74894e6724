import {
  type AdamState,
  adam,
  type L2lbgdbgdState,
  type L2lbgdbgdWeights,
  l2lbgdbgd,
  l2lbgdbgdWeights,
  type MetaTraining,
} from "@lodo/optim";
import { createRng, portable } from "@lodo/tensor";
import { noisyQuadraticBowl } from "../tasks/noisyQuadraticBowl.ts";

/** What a meta-training depends on, and nothing else does. */
export interface BowlTrainingOptions {
  readonly seed: number;
  readonly updates: number;
  /** Steps that an update differentiates through. */
  readonly unroll: number;
  readonly layers: number;
  /** Units of a layer. */
  readonly hidden: number;
  /** n of the bowls. */
  readonly dim: number;
}

/** Those of the weights that ship. */
export const shippedTraining: BowlTrainingOptions = { seed: 0, updates: 10_000, unroll: 5, layers: 2, hidden: 20, dim: 30 };

/** Adam's rate while it is constant, and what it falls to. */
const rates = { first: 0.01, last: 0.0002 } as const;

/** The longest episodes, in steps. */
const LONGEST = 1000;

/**
 * Training on noisy quadratic bowls, each with a random U and σ = 1. Episodes last any number of steps up to a bound, which grows to 1000 over the first
 * half. Adam's rate is constant over the first half, and falls to its end along a half period of a cosine.
 */
export function bowlTraining(options: BowlTrainingOptions): MetaTraining<L2lbgdbgdWeights, L2lbgdbgdState, AdamState<L2lbgdbgdWeights>> {
  const { seed, updates, unroll, layers, hidden, dim } = options;
  const rng = createRng(seed);
  return {
    weights: l2lbgdbgdWeights(rng.split("weights"), { layers, hidden }),
    optimizer: (weights) => l2lbgdbgd({ weights }),
    episode(rng, update) {
      const longest = Math.max(unroll, LONGEST * Math.min(1, 0.05 + (2 * update) / updates));
      return { task: noisyQuadraticBowl(rng.split("bowl"), { dim }), steps: 1 + Math.floor(longest * rng.split("steps").uniform()) };
    },
    unroll,
    updates,
    meta(update) {
      // η falls from η₀ to η₁ as (1 + cos πs)/2, s from 0 to 1 over the second half
      const s = Math.max(0, (2 * update) / updates - 1);
      return adam({ learningRate: rates.last + ((rates.first - rates.last) * (1 + portable.cos(Math.PI * s))) / 2 });
    },
    rng: rng.split("training"),
  };
}
