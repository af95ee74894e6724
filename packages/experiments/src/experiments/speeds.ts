import { formatShare, sharesOf, shareTitles } from "../anatomy/shares.ts";
import { groupBy } from "../groupBy.ts";
import { formatCount } from "../report/format.ts";
import type { Detail, Run } from "./experiment.ts";
import { type Row, summarize } from "./row.ts";
import type { TimedResult, TimedTrial } from "./trialByTime.ts";

/** `12 345`, or `1.23` where that is more than a whole number says. */
const formatRate = (x: number): string => (x < 100 ? x.toPrecision(3) : formatCount(Math.round(x)));

/** Steps taken, and how fast, beside each row; of LODO and its variants, how much of a step each of its parts takes. */
export function speeds(rows: readonly Row[], runs: readonly Run<TimedTrial, TimedResult>[]): readonly Detail[] {
  const byName = new Map(groupBy(runs, ({ job: { name } }) => name).map((own) => [own[0]?.job.name, own.map(({ result }) => result)]));
  const column = (title: string, cell: (results: readonly TimedResult[]) => string): Detail => ({
    title,
    cells: rows.map(({ name }) => cell(byName.get(name) ?? [])),
  });
  const mean = (results: readonly TimedResult[], f: (result: TimedResult) => number): number => summarize(results.map(f)).mean ?? 0;
  return [
    column("steps", (results) => (results.length > 0 ? formatCount(Math.round(mean(results, ({ evaluations }) => evaluations))) : "")),
    column("steps/s", (results) => (results.length > 0 ? formatRate(mean(results, rateOf)) : "")),
    ...(measured(runs) ? shareTitles.map((title, i) => column(title, (results) => meanShare(results, i))) : []),
  ];
}

const rateOf = ({ evaluations, seconds }: TimedResult): number => (seconds > 0 ? evaluations / seconds : 0);

const measured = (runs: readonly Run<TimedTrial, TimedResult>[]): boolean => runs.some(({ result: { times } }) => times !== undefined);

/** Over the runs of which it was measured. */
function meanShare(results: readonly TimedResult[], part: number): string {
  const shares = results.flatMap(({ times }) => (times && sharesOf(times)?.[part]?.share) ?? []);
  return shares.length > 0 ? formatShare(shares.reduce((a, b) => a + b) / shares.length) : "";
}

/** How the shares were measured, where they were. */
export const shareNotes = (runs: readonly Run<TimedTrial, TimedResult>[]): readonly string[] =>
  measured(runs)
    ? [
        "Of LODO and its variants, the columns after steps/s say where the time of a step goes: to the task (drawing the loss, its value and its gradient), to " +
          "the product G m of the step, to its pull-back (the hypergradient) and to the meta-optimizer. After a run's time some more steps are taken with a " +
          "stopwatch between the lines of Algorithm 1; the shares are those of the steps of middling length among the later half of them, and other is what is " +
          "left of these steps: the momentum, and their memory.",
      ]
    : [];
