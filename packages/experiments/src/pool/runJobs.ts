import { availableParallelism } from "node:os";
import { type BackendChoice, onReference } from "../backends/choice.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { Assignment, Outcome } from "./jobs.ts";
import { InterruptedError, messageOf, openThreads, type Threads } from "./threads.ts";
import type { WorkerTask } from "./worker.ts";

export interface RunJobsOptions extends JobThreadsOptions, Watch {
  /** Threads to run on that stay afterwards; else it has its own, and the options of threads are about these. */
  readonly threads?: JobThreads;
}

export interface JobThreadsOptions {
  /** Threads; one for each processor unless told. */
  readonly workers?: number;
  /** What computes in every thread; the reference unless told. */
  readonly backend?: BackendChoice;
  /** Bytes of memory of that in every thread, where it has such: its own default unless told. */
  readonly memory?: number;
  /** The folder for the tasks' data, and no other; where absent, the usual ones. */
  readonly data?: string;
  /** Where running jobs keep what they have come to; nowhere unless told. */
  readonly checkpoints?: Checkpoints;
  /** Ends the threads, whatever they are at, when it aborts. */
  readonly signal?: AbortSignal;
}

interface Watch {
  /** Called a few times a second with the loss evaluations done so far, and how many of them by earlier processes, and at the end. */
  readonly onProgress?: (evaluations: number, earlier: number) => void;
  /** Called as each job ends, in whatever order they do. */
  readonly onOutcome?: (assignment: Assignment, outcome: Outcome) => void;
}

/** Threads for jobs, which stay warm from some to the next. */
export interface JobThreads {
  /** As `runJobs` does. */
  run(assignments: readonly Assignment[], watch?: Watch): Promise<readonly Outcome[]>;
  close(): Promise<void>;
}

/** Starts no thread before there is a job. */
export function jobThreads({
  workers = availableParallelism(),
  backend = onReference,
  memory,
  data,
  checkpoints,
  signal,
}: JobThreadsOptions): JobThreads {
  let threads: Threads | null = null;
  return {
    async run(assignments, { onProgress = () => {}, onOutcome = () => {} } = {}) {
      if (assignments.length === 0) return [];
      threads ??= openThreads({ module: "pool/worker", name: "work", threads: workers });
      let ended = 0;
      const interruption = (): Error => new InterruptedError(ended, assignments.length);
      return threads.use({ onProgress, signal, interruption }, (send, evaluations) =>
        Promise.all(
          assignments.map(async (assignment) => {
            const task: WorkerTask = {
              assignment,
              backend,
              evaluations,
              ...(memory === undefined ? {} : { memory }),
              ...(data === undefined ? {} : { data }),
              ...(checkpoints === undefined ? {} : { checkpoints }),
            };
            const outcome = await (send(task) as Promise<Outcome>).catch(lost);
            // What an interruption makes of a job is no outcome.
            if (signal?.aborted) return outcome;
            ended++;
            onOutcome(assignment, outcome);
            return outcome;
          }),
        ),
      );
    },
    close: async () => threads?.close(),
  };
}

/**
 * Runs jobs on a pool of threads, each job alone on its thread. Outcomes are in the order of the jobs and depend neither on the number of workers
 * nor on which thread ran what; a job that throws leaves the others alone.
 * @throws WorkerError if threads cannot start; InterruptedError if `signal` aborts before the last job has ended.
 */
export async function runJobs(
  assignments: readonly Assignment[],
  { workers = availableParallelism(), threads, ...options }: RunJobsOptions = {},
): Promise<readonly Outcome[]> {
  if (threads) return threads.run(assignments, options);
  const own = jobThreads({ ...options, workers: Math.max(1, Math.min(workers, assignments.length)) });
  try {
    return await own.run(assignments, options);
  } finally {
    await own.close();
  }
}

/** A thread that died under its job (out of memory, say). */
const lost = (error: unknown): Outcome => ({
  ok: false,
  error: `its worker ended: ${messageOf(error)}`,
  seconds: 0,
});
