import type { Job, JobContext, RegisteredExperiment } from "../experiments/experiment.ts";
import { type Checkpoints, openCheckpoint } from "./checkpoints.ts";
import { jobClock } from "./jobClock.ts";

/** A job and the experiment that knows how to run it: plain data. */
export interface Assignment {
  readonly experiment: string;
  readonly job: Job;
}

/** By which a job is known: all that is known of it, as JSON. One that is changed in anything is another. */
export const keyOf = ({ experiment, job }: Assignment): string => JSON.stringify([experiment, job]);

export function assignmentOf(key: string): Assignment {
  const [experiment, job] = JSON.parse(key) as [Assignment["experiment"], Assignment["job"]];
  return { experiment, job };
}

/**
 * What became of a job. `seconds` is its running time without the evaluation of metrics, earlier processes' up to its checkpoints
 * included; it is no part of the result.
 */
export type Outcome = { readonly seconds: number } & (
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: string }
);

/** A job in a few words: `table-1: lodo, seed 3`. */
export const describeAssignment = ({ experiment, job }: Assignment): string =>
  `${experiment}: ${job.name}, ${job.column}, seed ${job.seed}`;

/** Runs a job in this thread, from its checkpoint if it has one. What it throws is its outcome. */
export function runAssignment(
  { experiment: id, job }: Assignment,
  experiments: readonly Pick<RegisteredExperiment, "id" | "run" | "byTime">[],
  tick: JobContext["tick"] = () => {},
  checkpoints?: Checkpoints,
): Outcome {
  const clock = jobClock();
  try {
    const { seconds: lasting } = job;
    const timed = lasting === undefined ? [] : experiments.flatMap((candidate) => candidate.byTime?.(lasting) ?? []);
    const experiment = [...experiments, ...timed].find((candidate) => candidate.id === id);
    if (!experiment) throw new RangeError(`no experiment "${id}"`);
    const kept = checkpoints ? { checkpoint: openCheckpoint(checkpoints, keyOf({ experiment: id, job }), clock) } : {};
    const result = experiment.run(job, { tick, untimed: clock.untimed, ...kept });
    return { ok: true, result, seconds: clock.seconds() };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error), seconds: clock.seconds() };
  }
}
