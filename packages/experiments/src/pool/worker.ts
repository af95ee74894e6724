import type { BackendChoice } from "../backends/choice.ts";
import { backendOfThread } from "../backends/ofThread.ts";
import { onBackend } from "../backends/onBackend.ts";
import { experiments } from "../experiments/index.ts";
import { tuneTrials } from "../tune/trials.ts";
import { type Assignment, type Outcome, runAssignment } from "./jobs.ts";
import { count, type WorkCounter } from "./threads.ts";

/** What a worker thread is sent: a job, what is to compute it, and where it counts the evaluations it has done. */
export interface WorkerTask {
  readonly assignment: Assignment;
  readonly backend: BackendChoice;
  readonly evaluations: WorkCounter;
}

/** Runs in a worker thread. */
export const work = async ({ assignment, backend, evaluations }: WorkerTask): Promise<Outcome> =>
  onBackend(await backendOfThread(backend), async () =>
    runAssignment(assignment, [...experiments, tuneTrials], (done) => count(evaluations, done)),
  );
