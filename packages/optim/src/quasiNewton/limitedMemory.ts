import { ArgumentError } from "@lodo/tensor";
import { grownScale, type InverseHessian } from "./inverseHessian.ts";
import type { Guard, Pair } from "./pair.ts";
import type { Scaling } from "./scaling.ts";
import { twoLoop } from "./twoLoop.ts";

export interface LimitedMemory {
  /** Oldest first. */
  readonly pairs: readonly Pair[];
  /** H₀ = γ I. */
  readonly gamma: number;
}

export interface LimitedMemoryOptions {
  /** How many pairs are kept; at least 1. */
  readonly history: number;
  readonly guard: Guard;
  readonly scaling: Scaling;
  /** γ before the first pair. */
  readonly gamma0: number;
}

/**
 * H as the updates of γ I by the last few pairs (Nocedal 1980). Applying it costs O(n · history).
 * @throws ArgumentError unless `history` is an integer of at least 1.
 */
export function limitedMemory({ history, guard, scaling, gamma0: γ0 }: LimitedMemoryOptions): InverseHessian<LimitedMemory> {
  if (!Number.isSafeInteger(history) || history < 1)
    throw new ArgumentError("limitedMemory", `history must be an integer of at least 1, got ${String(history)}`);
  return {
    init: () => ({ pairs: [], gamma: γ0 }),
    apply: ({ pairs, gamma: γ }, v) => twoLoop(pairs, γ, v),
    learn({ pairs, gamma: γ }, pair) {
      if (!guard(pair)) return { pairs, gamma: pairs.length === 0 ? grownScale(γ) : γ };
      const next = [...pairs, pair].slice(-history);
      return { pairs: next, gamma: scaling(next) };
    },
    learned: ({ pairs }) => pairs.length > 0,
    witness: ({ pairs }) => pairs[0]?.s,
  };
}
