import type { Vector } from "@lodo/tensor";
import type { DataIdentity, MeasuredTask, Metric, Sampling } from "../tasks/task.ts";

/** What the last x of a run comes to on data that it was not trained on, and which data that was. */
export interface Judgement {
  readonly metrics: readonly Metric[];
  /** Absent where the task has none. */
  readonly data?: DataIdentity;
}

/** Undefined where nobody asks, or the task has nothing to say. */
export function judge(task: MeasuredTask, x: Vector, sampling: Sampling | undefined): Judgement | undefined {
  if (sampling === undefined || !task.evaluate) return undefined;
  const evaluation = task.evaluate(x, sampling);
  let next = evaluation.next();
  while (!next.done) next = evaluation.next();
  return { metrics: next.value, ...(task.data ? { data: task.data } : {}) };
}
