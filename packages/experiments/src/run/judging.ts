import type { EvaluationProgress, Metric, Sampling } from "../tasks/task.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { RunConfiguration } from "./configuration.ts";
import type { Simulation } from "./simulate.ts";

/** Is x to be judged here, on its way? The checkpoint alone says so: whoever takes the run up judges what was not judged. */
export const isDue = ({ tally, judgedAt }: Checkpoint, { evaluateEvery }: Pick<RunConfiguration, "evaluateEvery">): boolean =>
  evaluateEvery !== undefined && Math.floor(tally.evaluations / evaluateEvery) > Math.floor(judgedAt / evaluateEvery);

/** How x is judged, where it is. */
export interface Judging {
  readonly simulation: Simulation;
  /** How many examples to judge x by, where the task has such; without it, x is not judged. */
  readonly sampling?: Sampling;
  /** Told now and then how many examples x has been judged by. */
  readonly onEvaluation?: (progress: EvaluationProgress) => void;
  /** Asked now and then whether to end early. */
  readonly isInterrupted?: () => boolean;
}

/** What the task says of x, on data that it was not trained on; nothing where it says nothing or is not asked. */
export async function judge(
  { snapshot }: Checkpoint,
  { simulation, sampling, onEvaluation = () => {}, isInterrupted = () => false }: Judging,
): Promise<readonly Metric[] | "interrupted"> {
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
