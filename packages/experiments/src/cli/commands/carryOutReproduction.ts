import type { BackendChoice } from "../../backends/choice.ts";
import type { RegisteredExperiment } from "../../experiments/experiment.ts";
import { type Failure, type Reproduction, reproduce, workload } from "../../experiments/reproduce.ts";
import type { Journal } from "../../pool/journal.ts";
import type { DataIdentity } from "../../tasks/task.ts";
import type { ValuesSource } from "../../tunedValues.ts";
import type { BackendFlags } from "../backendOptions.ts";
import { interruptible } from "../interruptible.ts";
import type { Io } from "../io.ts";
import { createProgress } from "../progress.ts";
import type { ReproduceOptions } from "./reproduceOptions.ts";

/** What was asked for, with what was not said. */
export interface Asked extends Omit<ReproduceOptions, keyof BackendFlags> {
  readonly out: string;
  readonly choice: BackendChoice;
  readonly measuredOn: readonly DataIdentity[];
}

/** Whose hyperparameters. */
export const sourceOf = ({ hyperparameters }: Pick<ReproduceOptions, "hyperparameters">): ValuesSource =>
  hyperparameters === "tuned" ? "ours" : "paper";

/** The jobs of all experiments, but for those in the journal, with their progress shown. */
export async function carryOut(
  io: Io,
  wanted: readonly RegisteredExperiment[],
  journal: Journal,
  { preset, seeds, seconds, choice, data, workers = seconds === undefined ? undefined : 1, json = false, ...rest }: Asked,
): Promise<readonly Reproduction[]> {
  const whose = sourceOf(rest) === "paper" ? {} : { hyperparameters: sourceOf(rest) };
  const options = {
    preset,
    journal,
    backend: choice,
    ...whose,
    ...(data === undefined ? {} : { data }),
    ...(seeds === undefined ? {} : { seeds }),
    ...(workers === undefined ? {} : { workers }),
  };
  const { total, done } = workload(wanted, options);
  const progress = createProgress(io.stderr, {
    label: wanted.map(({ id }) => id).join(", "),
    total,
    from: done,
    unit: seconds === undefined ? "steps" : "seconds",
    quiet: json,
  });
  return interruptible(io, progress, (signal) =>
    reproduce(wanted, {
      ...options,
      signal,
      onProgress: (evaluations) => progress.update(evaluations),
      onFailure: (failure) => progress.log(`failed: ${describeFailure(failure)}`),
    }),
  );
}

/** In a line. */
export const describeFailure = ({ job, error }: Failure): string => `${job}: ${error}`;
