import { experiments } from "../experiments/index.ts";
import { tuneTrials } from "../tune/trials.ts";
import { type Assignment, type Outcome, runAssignment } from "./jobs.ts";
import { count, type WorkCounter } from "./threads.ts";

/** What a worker thread is sent: a job, and where it counts the evaluations it has done. */
export interface WorkerTask {
  readonly assignment: Assignment;
  readonly evaluations: WorkCounter;
}

/** Runs in a worker thread. */
export const work = ({ assignment, evaluations }: WorkerTask): Outcome =>
  runAssignment(assignment, [...experiments, tuneTrials], (done) => count(evaluations, done));
