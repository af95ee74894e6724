import { complete, decay } from "@lodo/preconditioner";
import { length, progress, type Schedule } from "./schedule.ts";

const options = { steps: length, start: decay(0, "factor at the start") };

/** A line from a = `start` up to 1 at T = `steps`, and 1 from then on: f(t) = a + (1 − a) t/T. From a = 0 the first step is null. */
export function warmUp(given: { readonly steps: number; readonly start?: number }): Schedule {
  const { steps: T, start: a } = complete("warmUp", options, { ...given });
  return (t) => a + (1 - a) * progress(t, T);
}
