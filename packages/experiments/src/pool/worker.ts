import { experiments } from "../experiments/index.ts";
import { type Assignment, type Outcome, runAssignment } from "./jobs.ts";

/** What a worker thread is sent: a job, and shared memory in which it counts the evaluations it has done. */
export interface WorkerTask {
  readonly assignment: Assignment;
  readonly evaluations: BigInt64Array;
}

/** Runs in a worker thread. */
export const work = ({ assignment, evaluations }: WorkerTask): Outcome =>
  runAssignment(assignment, experiments, (count) => void Atomics.add(evaluations, 0, BigInt(count)));
