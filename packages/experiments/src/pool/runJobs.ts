import { availableParallelism } from "node:os";
import type { Assignment, Outcome } from "./jobs.ts";
import { InterruptedError, messageOf, withThreads } from "./threads.ts";
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

/**
 * Runs jobs on a pool of threads, each job alone on its thread. Outcomes are in the order of the jobs and depend neither on the number of workers
 * nor on which thread ran what; a job that throws leaves the others alone.
 * @throws WorkerError if threads cannot start; InterruptedError if `signal` aborts before the last job has ended.
 */
export function runJobs(
  assignments: readonly Assignment[],
  { workers = availableParallelism(), onProgress = () => {}, onOutcome = () => {}, signal }: RunJobsOptions = {},
): Promise<readonly Outcome[]> {
  let ended = 0;
  const threads = Math.max(1, Math.min(workers, assignments.length));
  const interruption = (): Error => new InterruptedError(ended, assignments.length);
  return withThreads({ module: "pool/worker", name: "work", threads, onProgress, signal, interruption }, (send, evaluations) =>
    Promise.all(
      assignments.map(async (assignment) => {
        const task: WorkerTask = { assignment, evaluations };
        const outcome = await (send(task) as Promise<Outcome>).catch(lost);
        // What an interruption makes of a job is no outcome.
        if (signal?.aborted) return outcome;
        ended++;
        onOutcome(assignment, outcome);
        return outcome;
      }),
    ),
  );
}

/** A thread that died under its job (out of memory, say). */
const lost = (error: unknown): Outcome => ({
  ok: false,
  error: `its worker ended: ${messageOf(error)}`,
  seconds: 0,
});
