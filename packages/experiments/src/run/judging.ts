import type { EvaluationProgress, Metric } from "../tasks/task.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { RunConfiguration } from "./configuration.ts";
import type { Execution } from "./execute.ts";

/** Is x to be judged here, on its way? The checkpoint alone says so: whoever takes the run up judges what was not judged. */
export const isDue = ({ tally, judgedAt }: Checkpoint, { evaluateEvery }: Pick<RunConfiguration, "evaluateEvery">): boolean =>
  evaluateEvery !== undefined && Math.floor(tally.evaluations / evaluateEvery) > Math.floor(judgedAt / evaluateEvery);

/** What the task says of x, on data that it was not trained on; nothing where it says nothing or is not asked. */
export async function judge({ snapshot }: Checkpoint, execution: Execution): Promise<readonly Metric[] | "interrupted"> {
  const { simulation, sampling, onEvaluation = () => {}, isInterrupted = () => false } = execution;
  if (sampling === undefined || !simulation.task.evaluate) return [];
  const evaluation: Generator<EvaluationProgress, readonly Metric[]> = simulation.task.evaluate(snapshot.x, sampling);
  for (let next = evaluation.next(); ; next = evaluation.next()) {
    if (next.done) return next.value;
    onEvaluation(next.value);
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (isInterrupted()) {
      evaluation.return([]);
      return "interrupted";
    }
  }
}
