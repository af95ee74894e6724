import { ArgumentError, map, type Params, scale } from "@lodo/tensor";
import type { GradientTransform } from "../optimizer.ts";
import type { Schedule } from "./schedules/schedule.ts";

export interface ScheduleState {
  /** Steps taken. */
  readonly t: number;
}

/**
 * Multiplies by f(t), t = 0, 1, …. Where it stands decides what it means for a method that remembers. After momentum, Δ = f(t) v: the factor of now
 * weighs all that is remembered, so a fall of f slows the next step at once; this is what rate schedules of libraries do. Before it,
 * v ← μ v − η f(t) g: every gradient keeps the rate of its own time, and a fall of f is felt over 1/(1 − μ) steps; this is a rate inside the velocity.
 * Before a method that divides by the gradient's size (`adam`, `rmsprop`) it does next to nothing.
 * @throws ArgumentError if `schedule` is no function; and from update, naming t, if it gives no finite number of at least 0.
 */
export function scaleBySchedule<P extends Params>(schedule: Schedule): GradientTransform<P, ScheduleState> {
  if (typeof schedule !== "function") throw new ArgumentError("scaleBySchedule", `expected a function of t, got ${String(schedule)}`);
  return {
    name: "scaleBySchedule",
    init: () => ({ t: 0 }),
    update(Δ, { t }) {
      const factor = schedule(t);
      if (!(factor >= 0 && Number.isFinite(factor)))
        throw new ArgumentError("scaleBySchedule", `expected a finite factor of at least 0 at t = ${t}, got ${String(factor)}`);
      return [map((Δ) => scale(factor, Δ), Δ), { t: t + 1 }];
    },
  };
}
