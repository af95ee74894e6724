import type { RegisteredExperiment } from "../experiments/experiment.ts";
import { runTrial, type Trial } from "../experiments/trial.ts";
import type { Assignment } from "../pool/jobs.ts";
import type { SearchConfiguration } from "./configuration.ts";

/** How worker threads know the runs of a search: as jobs beside those of the experiments. */
export const tuneTrials: Pick<RegisteredExperiment, "id" | "run"> = { id: "tune", run: runTrial as RegisteredExperiment["run"] };

/** A run of the optimizer of which nothing but the score is kept. `column` says what in the search it is. */
export function assignmentOf(
  { task, optimizer, taskOptions, start }: SearchConfiguration,
  run: {
    readonly column: string;
    readonly seed: number;
    readonly steps: number;
    readonly values: Readonly<Record<string, number | string>>;
  },
): Assignment {
  const job: Trial = {
    name: optimizer,
    column: run.column,
    seed: run.seed,
    evaluations: run.steps,
    task,
    taskValues: taskOptions,
    values: { ...start, ...run.values },
    record: {},
  };
  return { experiment: tuneTrials.id, job };
}
