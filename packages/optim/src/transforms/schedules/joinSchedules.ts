import { ArgumentError } from "@lodo/tensor";
import type { Schedule } from "./schedule.ts";

/**
 * Schedules one after the other, each counting from its own start: the first up to step `at[0]`, the next from there to `at[1]`, …. Warm-up and
 * then a cosine: `joinSchedules([warmUp({ steps: 100 }), cosine({ steps: 900 })], { at: [100] })`.
 * @throws ArgumentError unless there is one ascending integer step between any two of them.
 */
export function joinSchedules(schedules: readonly [Schedule, ...Schedule[]], { at }: { readonly at: readonly number[] }): Schedule {
  if (schedules.length !== at.length + 1)
    throw new ArgumentError(
      "joinSchedules",
      `expected ${schedules.length - 1} steps between ${schedules.length} schedules, got ${at.length}`,
    );
  const wrong = at.findIndex((step, i) => !Number.isSafeInteger(step) || step <= (at[i - 1] ?? 0));
  if (wrong >= 0)
    throw new ArgumentError("joinSchedules", `at[${wrong}] must be an integer above ${at[wrong - 1] ?? 0}, got ${String(at[wrong])}`);
  return (t) => {
    const passed = at.filter((step) => step <= t);
    return (schedules[passed.length] as Schedule)(t - (passed.at(-1) ?? 0));
  };
}
