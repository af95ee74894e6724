import type { RegisteredOptimizer } from "@lodo/optim";
import { ArgumentError } from "@lodo/tensor";
import type { simulate } from "../../run/simulate.ts";
import type { RegisteredTask } from "../../tasks/task.ts";
import { type SearchConfiguration, scalesOf } from "../../tune/configuration.ts";
import { defaultPopulation, defaultSchedule, parseSchedule, resampled, type Schedule, table5 } from "../../tune/schedule.ts";
import { asUsage, UsageError } from "../errors.ts";
import { resolveSettings } from "../settings.ts";
import type { TuneOptions } from "./tuneOptions.ts";

/** The search asked for, in full. What was not said comes from the search being resumed, if there is one, or the defaults. */
export function configure(
  task: RegisteredTask,
  optimizer: RegisteredOptimizer,
  options: TuneOptions,
  there: SearchConfiguration | null,
): SearchConfiguration {
  if (Object.keys(scalesOf(optimizer)).length === 0) throw new UsageError(`${optimizer.id} has no hyperparameter to search`);
  const base = {
    ...(there?.task === task.id ? { taskOptions: there.taskOptions } : {}),
    ...(there?.optimizer === optimizer.id ? { hyperparameters: there.start } : {}),
  };
  const { taskOptions, hyperparameters } = resolveSettings(task, optimizer, options.set ?? [], base);
  const comparedSeeds = options.comparisonSeeds ?? there?.comparedSeeds;
  return {
    task: task.id,
    optimizer: optimizer.id,
    seed: options.seed ?? there?.seed ?? 0,
    population: options.population ?? there?.population ?? defaultPopulation(task.id),
    schedule: scheduleOf(task.id, options, there),
    taskOptions,
    start: hyperparameters,
    ...(comparedSeeds === undefined ? {} : { comparedSeeds }),
  };
}

function scheduleOf(task: string, { schedule: text, generations }: TuneOptions, there: SearchConfiguration | null): Schedule {
  if (text === undefined && generations === undefined && there) return there.schedule;
  if (text === "paper" && !Object.hasOwn(table5, task))
    throw new UsageError(`Table 5 has no schedule for ${task}, only for ${Object.keys(table5).join(", ")}; give one as 3x1000,1.5x2000`);
  const schedule = text === undefined || text === "paper" ? defaultSchedule(task) : asUsage(ArgumentError, () => parseSchedule(text));
  return generations === undefined ? schedule : resampled(schedule, generations);
}

/** A run as those of the search are, to see whether task and optimizer can meet at all. */
export const firstRun = ({ task, optimizer, seed, taskOptions, start, schedule }: SearchConfiguration): Parameters<typeof simulate>[0] => {
  const steps = schedule[0]?.steps ?? 1;
  return { task, optimizer, seed, steps, recordEvery: steps, checkpointEvery: steps, taskOptions, hyperparameters: start };
};
