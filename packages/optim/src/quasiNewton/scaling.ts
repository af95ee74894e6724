import { dot, item } from "@lodo/tensor";
import type { Pair } from "./pair.ts";

/** γ of H₀ = γ I from the pairs, oldest first; there is at least one. */
export type Scaling = (pairs: readonly Pair[]) => number;

/** γ = sᵀy / yᵀy of the newest pair: the textbook's (Nocedal & Wright 2006, equation 7.20). */
export const newestPair: Scaling = (pairs) => {
  const { sy, yy } = pairs.at(-1) as Pair;
  return sy / yy;
};

/** γ = mean of sᵀy / yᵀy over all pairs (Schraudolph et al. 2007, Algorithm 2). */
export const meanOfPairs: Scaling = (pairs) => pairs.reduce((sum, { sy, yy }) => sum + sy / yy, 0) / pairs.length;

/**
 * γ = s₁ᵀy / yᵀy with the oldest s and the newest y, as the authors' code has it. It says nothing about the curvature along either, and can be
 * negative; where all pairs are alike it is the newest pair's.
 */
export const oldestStepNewestChange: Scaling = (pairs) => {
  const [oldest, newest] = [pairs[0] as Pair, pairs.at(-1) as Pair];
  return item(dot(oldest.s, newest.y)) / newest.yy;
};
