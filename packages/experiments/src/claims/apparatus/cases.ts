import { blockPermutation, type Layers, type Preconditioner } from "@lodo/preconditioner";
import { add, createRng, normal, type Rng, scale, type Tensor } from "@lodo/tensor";
import fc from "fast-check";

/** A seed for what a case draws beyond its sizes. */
export const seeds: fc.Arbitrary<number> = fc.nat({ max: 2 ** 31 - 1 });

/** Sizes of a block-permutation preconditioner and a point θ, `away` normal steps from θ₀. */
export interface BlockPermutationCase {
  readonly n: number;
  readonly k: number;
  readonly N: number;
  readonly seed: number;
  /** Standard deviation of the step from θ₀; 0 stays there. */
  readonly away: number;
}

export const blockPermutationCases: fc.Arbitrary<BlockPermutationCase> = fc.record({
  n: fc.integer({ min: 1, max: 12 }),
  k: fc.integer({ min: 1, max: 6 }),
  N: fc.integer({ min: 0, max: 6 }),
  seed: seeds,
  away: fc.constantFrom(0.1, 0.5, 1),
});

export interface BlockPermutationPoint {
  readonly G: Preconditioner<Layers>;
  readonly θ: Layers;
  /** For what else the case draws. */
  readonly rng: Rng;
}

export function blockPermutationAt({ n, k, N, seed, away }: BlockPermutationCase, alpha0 = 0.5): BlockPermutationPoint {
  const rng = createRng(seed);
  const G = blockPermutation({ dim: n, rng, depth: N, blockSize: k, alpha0 });
  const θ0 = G.init(rng);
  return { G, θ: away === 0 ? θ0 : perturbed(rng, θ0, away), rng };
}

/** A tensor moved by independent normal steps. */
export const perturbed = <T extends Tensor>(rng: Rng, t: T, σ: number): T =>
  add(t, scale(σ, normal(rng, t.shape) as Tensor)) as Tensor as T;
