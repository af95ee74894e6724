import type { Rng } from "@lodo/tensor";

/** A statement about a case. It holds, or throws a Counterexample. */
export interface Law<Case> {
  readonly name: string;
  /** How many comparisons were made; random choices come from `rng` alone. */
  check(sample: Case, rng: Rng): number;
}
