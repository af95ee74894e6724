import type { BackendChoice } from "../../backends/choice.ts";
import type { RegisteredExperiment } from "../../experiments/experiment.ts";
import { type Reproduction, reproduce } from "../../experiments/reproduce.ts";
import { reproduceShard, type ShardResult } from "../../experiments/reproduceShard.ts";
import { describeShard, type Shard } from "../../experiments/shard.ts";
import { type Failure, workload } from "../../experiments/work.ts";
import { usualInterval } from "../../pool/checkpoints.ts";
import type { WorkFolder } from "../../report/workFolder.ts";
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

/** Where what comes of jobs is kept. */
type Kept = Pick<WorkFolder, "journal" | "checkpoints">;

/** The jobs of all experiments, but for those in the journal, with their progress shown. */
export const carryOut = (io: Io, wanted: readonly RegisteredExperiment[], kept: Kept, asked: Asked): Promise<readonly Reproduction[]> =>
  withProgress(io, wanted, kept, asked, (options) => reproduce(wanted, options));

/** The same of a shard of them. */
export const carryOutShard = (
  io: Io,
  wanted: readonly RegisteredExperiment[],
  kept: Kept,
  asked: Asked & { readonly shard: Shard },
): Promise<ShardResult> => withProgress(io, wanted, kept, asked, (options) => reproduceShard(wanted, asked.shard, options));

type Options = Parameters<typeof reproduceShard>[2];

function withProgress<T>(
  io: Io,
  wanted: readonly RegisteredExperiment[],
  { journal, checkpoints: folder }: Kept,
  {
    preset,
    seeds,
    seconds,
    checkpointSeconds: every = usualInterval,
    shard,
    choice,
    data,
    workers = seconds === undefined ? undefined : 1,
    json = false,
    ...rest
  }: Asked,
  work: (options: Options) => Promise<T>,
): Promise<T> {
  const whose = sourceOf(rest) === "paper" ? {} : { hyperparameters: sourceOf(rest) };
  const options = {
    preset,
    journal,
    backend: choice,
    checkpoints: { folder, every },
    ...whose,
    ...(data === undefined ? {} : { data }),
    ...(seeds === undefined ? {} : { seeds }),
    ...(workers === undefined ? {} : { workers }),
  };
  const { total, done } = workload(wanted, options, shard);
  const progress = createProgress(io.stderr, {
    label: `${wanted.map(({ id }) => id).join(", ")}${shard ? `, shard ${describeShard(shard)}` : ""}`,
    total,
    from: done,
    unit: seconds === undefined ? "steps" : "seconds",
    quiet: json,
  });
  return interruptible(io, progress, (signal) =>
    work({
      ...options,
      signal,
      onProgress: (evaluations, earlier) => progress.update(evaluations, "", earlier),
      onFailure: (failure) => progress.log(`failed: ${describeFailure(failure)}`),
    }),
  );
}

/** In a line. */
export const describeFailure = ({ job, error }: Failure): string => `${job}: ${error}`;
