import type { Job, JobContext, RegisteredExperiment } from "../experiments/experiment.ts";

/** A job and the experiment that knows how to run it: plain data. */
export interface Assignment {
  readonly experiment: string;
  readonly job: Job;
}

/** What became of a job. `seconds` is its running time without the evaluation of metrics; it is no part of the result. */
export type Outcome = { readonly seconds: number } & (
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: string }
);

/** A job in a few words: `table-1: lodo, seed 3`. */
export const describeAssignment = ({ experiment, job }: Assignment): string =>
  `${experiment}: ${job.name}, ${job.column}, seed ${job.seed}`;

/** Runs a job in this thread. What it throws is its outcome. */
export function runAssignment(
  { experiment: id, job }: Assignment,
  experiments: readonly Pick<RegisteredExperiment, "id" | "run" | "byTime">[],
  tick: JobContext["tick"] = () => {},
): Outcome {
  const start = performance.now();
  let paused = 0;
  const untimed: JobContext["untimed"] = (f) => {
    const before = performance.now();
    try {
      return f();
    } finally {
      paused += performance.now() - before;
    }
  };
  const seconds = (): number => (performance.now() - start - paused) / 1000;
  try {
    const { seconds: lasting } = job;
    const timed = lasting === undefined ? [] : experiments.flatMap((candidate) => candidate.byTime?.(lasting) ?? []);
    const experiment = [...experiments, ...timed].find((candidate) => candidate.id === id);
    if (!experiment) throw new RangeError(`no experiment "${id}"`);
    const result = experiment.run(job, { tick, untimed });
    return { ok: true, result, seconds: seconds() };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error), seconds: seconds() };
  }
}
