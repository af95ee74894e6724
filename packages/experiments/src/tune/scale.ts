import type { Domain } from "@lodo/preconditioner";
import { portable } from "@lodo/tensor";

/** The scale on which a hyperparameter is searched: the line of real numbers, each of which is some value in the domain. */
export interface SearchScale {
  /** What it is, for an axis or a page. */
  readonly name: "ln η" | "ln(1 − β)";
  /** z, from a value in the domain. */
  to(value: number): number;
  /** The value at z. Beyond the edge of the domain it is the value at the edge. */
  from(z: number): number;
}

/** z = ln η, natural: a standard deviation of 3 is a factor of e³ ≈ 20. What overflows is the largest number there is, what underflows the least. */
export const rateScale: SearchScale = {
  name: "ln η",
  to: (value) => portable.log(value),
  from: (z) => Math.min(Number.MAX_VALUE, Math.max(Number.MIN_VALUE, portable.exp(z))),
};

/** The largest number below 1. */
const belowOne = 1 - 2 ** -53;

/**
 * z = ln(1 − β). β = 0 is z = 0; above it the decay would be negative, and is 0. (Mirrored at the edge instead, no individual would ever try β = 0,
 * where the best decays of some tasks are.)
 */
export const decayScale: SearchScale = {
  name: "ln(1 − β)",
  to: (value) => portable.log(1 - value),
  from: (z) => (z >= 0 ? 0 : Math.min(belowOne, 1 - portable.exp(z))),
};

/** The scale of a domain; null where it has none and nothing is searched: counts and choices. */
export function scaleOf({ kind }: Domain): SearchScale | null {
  if (kind === "rate") return rateScale;
  return kind === "decay" ? decayScale : null;
}
