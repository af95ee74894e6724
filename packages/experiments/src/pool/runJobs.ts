import { availableParallelism } from "node:os";
import { Tinypool } from "tinypool";
import type { Assignment, Outcome } from "./jobs.ts";
import type { WorkerTask } from "./worker.ts";

export interface RunJobsOptions {
  /** Threads; one for each processor unless told. */
  readonly workers?: number;
  /** Called a few times a second with the loss evaluations done so far, and at the end. */
  readonly onProgress?: (evaluations: number) => void;
  /** Called as each job ends, in whatever order they do. */
  readonly onOutcome?: (assignment: Assignment, outcome: Outcome) => void;
  /** Ends the threads, whatever they are at, when it aborts. */
  readonly signal?: AbortSignal;
}

/** Workers run the build: a thread of Node 20 cannot load TypeScript. */
const workerFile = new URL("../../dist/pool/worker.js", import.meta.url).href;

const progressMilliseconds = 200;

/**
 * Runs jobs on a pool of threads, each job alone on its thread. Outcomes are in the order of the jobs and depend neither on the number of workers
 * nor on which thread ran what; a job that throws leaves the others alone.
 * @throws WorkerError if threads cannot start; InterruptedError if `signal` aborts before the last job has ended.
 */
export async function runJobs(
  assignments: readonly Assignment[],
  { workers = availableParallelism(), onProgress = () => {}, onOutcome = () => {}, signal }: RunJobsOptions = {},
): Promise<readonly Outcome[]> {
  const threads = Math.max(1, Math.min(workers, assignments.length));
  // What this process was told on its command line (a test runner's import conditions, say) is not for its threads.
  const pool = new Tinypool({ filename: workerFile, name: "work", minThreads: threads, maxThreads: threads, execArgv: [] });
  const broken = new Promise<never>((_, reject) => pool.on("error", (error: unknown) => reject(new WorkerError(error))));
  let ended = 0;
  const interrupted = new Promise<never>((_, reject) => {
    const interrupt = (): void => reject(new InterruptedError(ended, assignments.length));
    if (signal?.aborted) interrupt();
    else signal?.addEventListener("abort", interrupt, { once: true });
  });
  // Of 32 bits it would overflow: a few long runs evaluate 2³¹ losses.
  const evaluations = new BigInt64Array(new SharedArrayBuffer(8));
  const report = (): void => onProgress(Number(Atomics.load(evaluations, 0)));
  const timer = setInterval(report, progressMilliseconds);
  const run = async (assignment: Assignment): Promise<Outcome> => {
    const task: WorkerTask = { assignment, evaluations };
    const outcome = await pool.run(task).catch(lost);
    // What an interruption makes of a job is no outcome.
    if (signal?.aborted) return outcome;
    ended++;
    onOutcome(assignment, outcome);
    return outcome;
  };
  try {
    return await Promise.race([interrupted, broken, Promise.all(assignments.map(run))]);
  } finally {
    clearInterval(timer);
    report();
    await pool.destroy();
  }
}

/** Worker threads that cannot begin to work. */
export class WorkerError extends Error {
  override readonly name = "WorkerError";
  constructor(cause: unknown) {
    super(`the worker threads cannot start: ${messageOf(cause)}`, { cause });
  }
}

/** Jobs that were told to end early. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
  constructor(ended: number, total: number) {
    super(`interrupted after ${ended} of ${total} runs`);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A thread that died under its job (out of memory, say). */
const lost = (error: unknown): Outcome => ({
  ok: false,
  error: `its worker ended: ${messageOf(error)}`,
  seconds: 0,
});
