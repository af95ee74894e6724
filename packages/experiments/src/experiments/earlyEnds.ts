import { groupBy } from "../groupBy.ts";
import type { Job } from "./experiment.ts";
import type { TrialResult } from "./trial.ts";

type Ended = { readonly job: Pick<Job, "name" | "column">; readonly result: Pick<TrialResult, "divergedAt" | "stopped"> };

/** Which runs ended before their time and why, a sentence for each optimizer, column and reason. */
export function earlyEnds(runs: readonly Ended[]): readonly string[] {
  return groupBy(runs, ({ job: { name, column } }) => JSON.stringify([name, column])).flatMap((group) => {
    const { name, column } = (group[0] as Ended).job;
    const diverged = group.flatMap(({ result: { divergedAt } }) => divergedAt ?? []);
    const stopped = group.flatMap(({ result: { stopped } }) => stopped ?? []);
    const of = ({ length }: readonly unknown[]): string => `${name}, ${column}: ${length} of ${group.length} runs`;
    const [stop] = stopped;
    return [
      ...(diverged.length === 0 ? [] : [`${of(diverged)} diverged, the first at evaluation ${Math.min(...diverged)}.`]),
      ...(stop ? [`${of(stopped)} could not go on, which counts as diverged; at evaluation ${stop.at}: ${stop.reason.detail}.`] : []),
    ];
  });
}
