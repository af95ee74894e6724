import { complete } from "@lodo/preconditioner";
import { portable } from "@lodo/tensor";
import { end, length, progress, type Schedule } from "./schedule.ts";

/** Half a cosine from 1 down to a at T = `steps`, and there from then on (Loshchilov & Hutter 2017): f(t) = a + (1 − a) (1 + cos(π t/T))/2. */
export function cosine(given: { readonly steps: number; readonly end?: number }): Schedule {
  const { steps: T, end: a } = complete("cosine", { steps: length, end }, { ...given });
  return (t) => a + ((1 - a) * (1 + portable.cos(Math.PI * progress(t, T)))) / 2;
}
