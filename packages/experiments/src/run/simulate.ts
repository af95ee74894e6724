import { checkRequirements, type Optimizer, optimizers, type Problem } from "@lodo/optim";
import { ArgumentError, restoreRng } from "@lodo/tensor";
import { begin, type Snapshot, streams } from "../simulation.ts";
import { tasks } from "../tasks/index.ts";
import type { MeasuredTask } from "../tasks/task.ts";
import type { RunConfiguration } from "./configuration.ts";

/** A run ready to begin. */
export interface Simulation {
  readonly task: MeasuredTask;
  readonly optimizer: Optimizer<unknown, never>;
  /** What the optimizer fixed at the start. */
  readonly fixed: Readonly<Record<string, readonly Int32Array[]>>;
  readonly start: Snapshot;
}

/**
 * The run of a configuration, before its first step. Without steps (0) nobody knows yet how long it will be. A rehearsal has made-up data where the
 * task has data.
 * @throws ArgumentError if an option is out of its domain or the task's loss lacks what the optimizer needs; DataError if the task's data cannot be had;
 * RangeError if there is no such task or optimizer.
 */
export function simulate(configuration: RunConfiguration, { rehearsal = false }: { readonly rehearsal?: boolean } = {}): Simulation {
  const rngs = streams(configuration.seed);
  const found = entry("task", tasks, configuration.task);
  const task =
    rehearsal && found.rehearse
      ? found.rehearse(rngs.problem, configuration.taskOptions)
      : found.create(rngs.problem, configuration.taskOptions);
  const registered = entry("optimizer", optimizers, configuration.optimizer);
  const optimizer = registered.create(problemOf(configuration, task), configuration.hyperparameters);
  const start = begin(task, optimizer, rngs);
  const [objective] = task.draw(start.task, restoreRng(start.draws));
  checkRequirements(optimizer, objective, task.name);
  return { task, optimizer, fixed: optimizer.fixed ?? {}, start };
}

/** Do the steps of a run depend on how many there will be? Then its optimizer refuses to be made without knowing. */
export function plansAhead(configuration: RunConfiguration, task: MeasuredTask): boolean {
  try {
    entry("optimizer", optimizers, configuration.optimizer).create(
      problemOf({ ...configuration, steps: 0 }, task),
      configuration.hyperparameters,
    );
    return false;
  } catch (error) {
    if (error instanceof ArgumentError) return true;
    throw error;
  }
}

/** What the optimizer of a run is told of its task. */
export function problemOf({ task: id, steps, seed }: RunConfiguration, { dim, layout }: MeasuredTask): Problem {
  const { dtype } = entry("task", tasks, id);
  const rng = streams(seed).structure;
  return { dim, rng, ...(dtype ? { dtype } : {}), ...(steps > 0 ? { steps } : {}), ...(layout ? { layout } : {}) };
}

function entry<T extends { readonly id: string }>(kind: string, registry: readonly T[], id: string): T {
  const found = registry.find((candidate) => candidate.id === id);
  if (!found) throw new RangeError(`no ${kind} "${id}"; there are ${registry.map((candidate) => candidate.id).join(", ")}`);
  return found;
}
