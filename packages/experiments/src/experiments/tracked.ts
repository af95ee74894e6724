import type { Run } from "./experiment.ts";
import type { Trial, TrialResult } from "./trial.ts";

/** The runs whose curve was recorded. */
export function tracked(
  runs: readonly Run<Trial, TrialResult>[],
): readonly Run<Trial, TrialResult & { readonly curve: NonNullable<TrialResult["curve"]> }>[] {
  return runs.flatMap(({ job, result }) => (result.curve ? [{ job, result: { ...result, curve: result.curve } }] : []));
}
