import { appendFileSync, closeSync, existsSync, openSync, readFileSync, truncateSync } from "node:fs";
import { z } from "zod";
import { workOf } from "../experiments/experiment.ts";
import { attempt } from "../files.ts";
import { removeCheckpoints } from "./checkpoints.ts";
import { type Assignment, assignmentOf, keyOf, type Outcome } from "./jobs.ts";
import { type RunJobsOptions, runJobs } from "./runJobs.ts";

/** A journal that cannot be read or written, or holds what none would. */
export class JournalError extends Error {
  override readonly name = "JournalError";
}

/** A job that came to its end. */
type Finished = Extract<Outcome, { readonly ok: true }>;

/**
 * The outcomes of finished jobs in a file, a line of JSON for each, written as it ends: what a process that was killed had done is not done again.
 * Jobs are known by their data, so a job that is changed in anything is another, and the order of the lines means nothing. A job that threw is not
 * kept: it gets another try.
 */
export interface Journal {
  /** What became of a job; undefined if it is not known to have come to its end. */
  outcomeOf(assignment: Assignment): Outcome | undefined;
  /** All that have come to their end. */
  finished(): readonly { readonly assignment: Assignment; readonly outcome: Outcome }[];
  /** Adds a line, unless the job threw. @throws JournalError if the system refuses. */
  record(assignment: Assignment, outcome: Outcome): void;
  close(): void;
}

const lineShape = z.object({
  experiment: z.string(),
  job: z.looseObject({}),
  seconds: z.number(),
  result: z.unknown(),
});

/**
 * Opens a journal, a new one if there is no such file. A last line that was cut off is removed. One process at a time: the caller sees to that.
 * @throws JournalError if the file cannot be read or written, or has a line that is no outcome, naming it.
 */
export function openJournal(path: string): Journal {
  const known = existsSync(path) ? read(path) : new Map<string, Finished>();
  const file = attempt(JournalError, path, "write", () => openSync(path, "a"));
  return {
    outcomeOf: (assignment) => known.get(keyOf(assignment)),
    finished: () => [...known].map(([key, outcome]) => ({ assignment: assignmentOf(key), outcome })),
    record(assignment, outcome) {
      if (!outcome.ok) return;
      const { experiment, job } = assignment;
      const { seconds, result } = outcome;
      attempt(JournalError, path, "write", () => appendFileSync(file, `${JSON.stringify({ experiment, job, seconds, result })}\n`));
      known.set(keyOf(assignment), outcome);
    },
    close: () => closeSync(file),
  };
}

function read(path: string): Map<string, Finished> {
  const bytes = attempt(JournalError, path, "read", () => readFileSync(path));
  const whole = bytes.subarray(0, bytes.lastIndexOf("\n") + 1);
  if (whole.length < bytes.length) attempt(JournalError, path, "write", () => truncateSync(path, whole.length));
  return new Map(
    whole
      .toString("utf8")
      .split("\n")
      .slice(0, -1)
      .map((line, i) => {
        const { experiment, job, seconds, result } = parse(line, `line ${i + 1} of ${path}`);
        return [JSON.stringify([experiment, job]), { ok: true, result, seconds }];
      }),
  );
}

/** The line as it is: a schema might put keys into another order. */
function parse(line: string, where: string): z.infer<typeof lineShape> {
  try {
    const value: unknown = JSON.parse(line);
    lineShape.parse(value);
    return value as z.infer<typeof lineShape>;
  } catch (error) {
    throw new JournalError(`expected a job and its result in ${where}, found ${line.slice(0, 60)}`, { cause: error });
  }
}

/**
 * Runs the jobs that are not in the journal yet, as `runJobs` does, and writes down each as it ends. Outcomes are of all jobs, in their order, and the
 * same bits wherever an earlier process was killed, for results that JSON keeps: no NaN, infinities, −0 or undefined. A job in
 * the journal has no checkpoint.
 * @throws what runJobs throws; JournalError if an outcome cannot be written.
 */
export async function runJournaled(
  assignments: readonly Assignment[],
  journal: Journal,
  { onProgress, onOutcome, ...options }: RunJobsOptions = {},
): Promise<readonly Outcome[]> {
  const left = assignments.filter((assignment) => journal.outcomeOf(assignment) === undefined);
  const { checkpoints } = options;
  // A process may have been killed between a line in the journal and the end of the job's checkpoint.
  if (checkpoints)
    removeCheckpoints(checkpoints, assignments.filter((assignment) => journal.outcomeOf(assignment) !== undefined).map(keyOf));
  const count = (of: readonly Assignment[]): number => of.reduce((sum, { job }) => sum + workOf(job), 0);
  const before = count(assignments) - count(left);
  onProgress?.(before, before);
  const fresh = await runJobs(left, {
    ...options,
    onProgress: (evaluations, earlier) => onProgress?.(before + evaluations, before + earlier),
    onOutcome(assignment, outcome) {
      journal.record(assignment, outcome);
      if (checkpoints && outcome.ok) removeCheckpoints(checkpoints, [keyOf(assignment)]);
      onOutcome?.(assignment, outcome);
    },
  });
  const outcomes = new Map(left.map((assignment, i) => [keyOf(assignment), fresh[i] as Outcome]));
  return assignments.map((assignment) => (outcomes.get(keyOf(assignment)) ?? journal.outcomeOf(assignment)) as Outcome);
}
