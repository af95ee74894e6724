import { groupBy } from "../groupBy.ts";
import { formatCount } from "../report/format.ts";
import type { Detail, Run } from "./experiment.ts";
import { type Row, summarize } from "./row.ts";
import type { TimedResult, TimedTrial } from "./trialByTime.ts";

/** `12 345`, or `1.23` where that is more than a whole number says. */
const formatRate = (x: number): string => (x < 100 ? x.toPrecision(3) : formatCount(Math.round(x)));

/** Steps taken, and how fast, beside each row. */
export function speeds(rows: readonly Row[], runs: readonly Run<TimedTrial, TimedResult>[]): readonly Detail[] {
  const means = new Map(
    groupBy(runs, ({ job: { name } }) => name).map((own) => {
      const of = (f: (result: TimedResult) => number): number => summarize(own.map(({ result }) => f(result))).mean ?? 0;
      const steps = formatCount(Math.round(of(({ evaluations }) => evaluations)));
      return [own[0]?.job.name, { steps, rate: formatRate(of(({ evaluations, seconds }) => (seconds > 0 ? evaluations / seconds : 0))) }];
    }),
  );
  return [
    { title: "steps", cells: rows.map(({ name }) => means.get(name)?.steps ?? "") },
    { title: "steps/s", cells: rows.map(({ name }) => means.get(name)?.rate ?? "") },
  ];
}
