import { serialize } from "@lodo/optim";
import { simulate } from "../../run/simulate.ts";
import type { Values } from "../../tunedValues.ts";
import { scoreWindow } from "../../windows.ts";
import type { Job, JobContext } from "../experiment.ts";
import { summarize } from "../row.ts";
import { continuations, takenUp } from "./continuations.ts";
import { pursue } from "./pursue.ts";

/** LODO trained on the bowl from one seed, and then every continuation. */
export interface PretrainedTrial extends Job {
  /** How long LODO is trained. */
  readonly training: number;
  readonly taskValues: Values;
  readonly values: Values;
}

/** What became of a continuation. */
export interface Continued {
  readonly column: string;
  /** Mean loss; null if the run diverged. */
  readonly score: number | null;
  readonly divergedAt: number | null;
  /** The first losses. */
  readonly losses: readonly number[];
}

export interface PretrainedResult {
  /** Mean loss of the training as the paper scores it; null if it diverged. */
  readonly score: number | null;
  readonly divergedAt: number | null;
  readonly continued: readonly Continued[];
}

/** A tenth as long as the training: as many evaluations as its score is the mean of. */
export const continuationSteps = (training: number): number => Math.ceil(training / 10);

/** How many losses of a continuation are kept: the paper looks at ten. */
export const keptLosses = 30;

export function trainAndGoOn({ name, seed, training: T, taskValues, values }: PretrainedTrial, { tick }: JobContext): PretrainedResult {
  const run = { task: "noisy-quadratic-bowl", optimizer: name, seed, steps: T, recordEvery: T, checkpointEvery: T };
  const { task, optimizer, start } = simulate({ ...run, taskOptions: taskValues, hyperparameters: values });
  const { snapshot, losses, divergedAt } = pursue({ task, optimizer, snapshot: start }, T, tick);
  if (divergedAt !== null) return { score: null, divergedAt, continued: [] };
  const trained = { seed, values, taskValues, task, optimizer, snapshot: serialize(snapshot) };
  const [first, last] = scoreWindow(T);
  return {
    score: summarize(losses.slice(first - 1, last)).mean,
    divergedAt,
    continued: continuations.map((continuation) => {
      const went = pursue(takenUp(trained, continuation), continuationSteps(T), tick);
      return {
        column: continuation.column,
        score: went.divergedAt === null ? summarize(went.losses).mean : null,
        divergedAt: went.divergedAt,
        losses: went.losses.slice(0, keptLosses),
      };
    }),
  };
}
