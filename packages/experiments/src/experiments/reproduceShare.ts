import type { Journal } from "../pool/journal.ts";
import type { RegisteredExperiment } from "./experiment.ts";
import type { Share } from "./share.ts";
import { assignmentsOf, carryOut, type Failure, failuresOf, type ReproduceOptions } from "./work.ts";

/** What became of a share of the jobs. */
export interface SharedWork {
  readonly share: Share;
  /** Jobs in all, and how many of them are the share's. */
  readonly jobs: number;
  readonly own: number;
  readonly failures: readonly Failure[];
}

/** Runs the jobs of a share alone. What comes out is in the journal, for whoever has the journals of all shares. */
export async function reproduceShare(
  experiments: readonly RegisteredExperiment[],
  share: Share,
  options: ReproduceOptions & { readonly journal: Journal },
): Promise<SharedWork> {
  const own = assignmentsOf(experiments, options, share);
  const ended = await carryOut(experiments, own, options);
  return { share, jobs: assignmentsOf(experiments, options).length, own: own.length, failures: failuresOf(ended) };
}
