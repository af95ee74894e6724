import { complete, rate } from "@lodo/preconditioner";
import { portable } from "@lodo/tensor";
import { end, length, progress, type Schedule } from "./schedule.ts";

const options = { steps: length, end, power: rate(1, "p") };

/** From 1 down to a at T = `steps`, and there from then on: f(t) = a + (1 − a) (1 − t/T)ᵖ. p = 1 is a line. */
export function polynomial(given: { readonly steps: number; readonly end?: number; readonly power?: number }): Schedule {
  const { steps: T, end: a, power: p } = complete("polynomial", options, { ...given });
  return (t) => a + (1 - a) * portable.pow(1 - progress(t, T), p);
}
