import type { Journal } from "../pool/journal.ts";
import type { RegisteredExperiment } from "./experiment.ts";
import type { Shard } from "./shard.ts";
import { assignmentsOf, carryOut, type Failure, failuresOf, type ReproduceOptions } from "./work.ts";

/** What became of a shard of the jobs. */
export interface ShardResult {
  readonly shard: Shard;
  /** Jobs in all, and how many of them are the shard's. */
  readonly jobs: number;
  readonly own: number;
  readonly failures: readonly Failure[];
}

/** Runs the jobs of a shard alone. What comes out is in the journal, for whoever has the journals of all shards. */
export async function reproduceShard(
  experiments: readonly RegisteredExperiment[],
  shard: Shard,
  options: ReproduceOptions & { readonly journal: Journal },
): Promise<ShardResult> {
  const own = assignmentsOf(experiments, options, shard);
  const ended = await carryOut(experiments, own, options);
  return { shard, jobs: assignmentsOf(experiments, options).length, own: own.length, failures: failuresOf(ended) };
}
