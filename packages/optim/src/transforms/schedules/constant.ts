import { complete, type Hyperparameter, rate, type ValuesOf } from "@lodo/preconditioner";
import type { Schedule } from "./schedule.ts";

const options: { readonly factor: Hyperparameter<number> } = { factor: rate(1, "factor") };

/** f(t) = factor, always. */
export function constant(given: Partial<ValuesOf<typeof options>> = {}): Schedule {
  const { factor } = complete("constant", options, given);
  return () => factor;
}
