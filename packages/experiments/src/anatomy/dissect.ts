import { type Optimizer, optimizers } from "@lodo/optim";
import { activeBackend } from "@lodo/tensor";
import type { RunConfiguration } from "../run/configuration.ts";
import { problemOf } from "../run/simulate.ts";
import type { MeasuredTask } from "../tasks/task.ts";
import { lodoInPieces } from "./lodoInPieces.ts";
import { type Stopwatch, stopwatch } from "./stopwatch.ts";

/** A run whose steps are the same, to the bit, and timed in parts. */
export interface Dissected {
  readonly task: MeasuredTask;
  readonly optimizer: Optimizer<unknown, never>;
  readonly watch: Stopwatch;
}

/**
 * The same run with a stopwatch in its steps, by a clock in milliseconds. The task's part is drawing the loss, its value and its gradient. null where the
 * optimizer is no LODO, and on a GPU, which is not done when a call returns.
 */
export function dissect(
  configuration: RunConfiguration,
  task: MeasuredTask,
  now: () => number = performance.now.bind(performance),
): Dissected | null {
  if (activeBackend()?.name === "gpu") return null;
  const registered = optimizers.find(({ id }) => id === configuration.optimizer);
  const parts = registered?.lodoParts?.(problemOf(configuration, task), configuration.hyperparameters);
  if (!parts) return null;
  const watch = stopwatch(now);
  const watched: MeasuredTask = { ...task, draw: (state, rng) => watch.time("task", () => task.draw(state, rng)) };
  return { task: watched, optimizer: lodoInPieces(parts, watch) as Optimizer<unknown, never>, watch };
}
