import { complete, count, type Hyperparameter, rate } from "@lodo/preconditioner";
import { portable } from "@lodo/tensor";
import type { Schedule } from "./schedule.ts";

const options: { readonly every: Hyperparameter<number>; readonly factor: Hyperparameter<number> } = {
  every: count(Number.NaN, 1, "T, steps between two falls"),
  factor: rate(0.1, "γ"),
};

/** f(t) = γ^⌊t/T⌋, T = `every`, γ = `factor`. */
export function stepDecay(given: { readonly every: number; readonly factor?: number }): Schedule {
  const { every: T, factor: γ } = complete("stepDecay", options, { ...given });
  return (t) => portable.pow(γ, Math.floor(t / T));
}
