import { optimizers } from "@lodo/optim";
import type { RunConfiguration, Upkeep } from "../../run/configuration.ts";
import { tasks } from "../../tasks/index.ts";
import { sourcedValues, type Values } from "../../tunedValues.ts";
import { UsageError } from "../errors.ts";
import { resolveSettings } from "../settings.ts";
import { byId } from "../suggest.ts";
import type { RunOptions } from "./runOptions.ts";

/**
 * The run asked for, in full. What was not said comes from the run being resumed, if there is one, or the defaults.
 * @throws UsageError if a name or value is none, or there are no tuned values of whoever was asked for.
 */
export function configure(taskId: string, options: RunOptions, there: RunConfiguration | null): RunConfiguration {
  const task = byId("task", taskId, tasks);
  const optimizer = byId("optimizer", options.optimizer, optimizers);
  const tuned = tunedFor(task.id, optimizer.id, options);
  const base = {
    ...(there?.task === task.id ? { taskOptions: there.taskOptions } : {}),
    ...(there?.optimizer === optimizer.id ? { hyperparameters: there.hyperparameters } : {}),
    ...(tuned ? { hyperparameters: tuned } : {}),
  };
  const steps = options.steps ?? there?.steps ?? 1000;
  return {
    task: task.id,
    optimizer: optimizer.id,
    seed: options.seed ?? there?.seed ?? 0,
    steps,
    recordEvery: options.recordEvery ?? there?.recordEvery ?? Math.ceil(steps / 1000),
    ...upkeep(options, there),
    ...resolveSettings(task, optimizer, options.set ?? [], base),
  };
}

function tunedFor(task: string, optimizer: string, { tuned: asked }: RunOptions): Values | null {
  if (asked === undefined) return null;
  const { values, source } = sourcedValues(task, optimizer, asked);
  if (source === asked) return values;
  throw new UsageError(`${asked === "ours" ? "we have" : "the paper has"} no tuned values for ${optimizer} on ${task}`);
}

function upkeep(options: RunOptions, there: RunConfiguration | null): Upkeep {
  const checkpointEvery = options.checkpointEvery ?? there?.checkpointEvery;
  const evaluateEvery = options.evaluateEvery ?? there?.evaluateEvery;
  const { evaluationDraws: draws } = options;
  const judgedBy = options.fullEvaluation ? "everything" : draws === undefined ? there?.judgedBy : { draws };
  return {
    ...(checkpointEvery === undefined ? {} : { checkpointEvery }),
    ...(evaluateEvery === undefined ? {} : { evaluateEvery }),
    ...(judgedBy === undefined ? {} : { judgedBy }),
  };
}
