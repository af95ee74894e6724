import { formatCount } from "../../report/format.ts";
import type { Metric } from "../../tasks/task.ts";
import type { Detail } from "../experiment.ts";
import { type Row, type Scored, summarize } from "../row.ts";
import type { Trial, TrialResult } from "../trial.ts";

/** A run, by steps or by the clock. */
export interface ImageRun {
  readonly job: Pick<Trial, "name" | "column" | "seed" | "seconds" | "taskValues">;
  readonly result: Pick<TrialResult, "score" | "divergedAt" | "stopped" | "judgement">;
}

/** A column of training losses, and columns of what the last x is judged by, each with its metric's name. */
export interface JudgedColumns {
  readonly training: string;
  readonly judged: Readonly<Record<string, string>>;
}

/** What the last x of a run comes to; undefined if it was not judged. */
export const metricOf = ({ judgement }: Pick<TrialResult, "judgement">, name: string): Metric | undefined =>
  judgement?.metrics.find((metric) => metric.name === name);

/** Training loss over the last tenth, and the metrics of the last x: every run in every column; null if it diverged or stopped. */
export function scoresOf({ training, judged }: JudgedColumns, runs: readonly ImageRun[]): readonly (Scored & { readonly seed: number })[] {
  const of = (column: string, score: (run: ImageRun) => number | null) =>
    runs.map((run) => ({ name: run.job.name, column, seed: run.job.seed, score: run.result.score === null ? null : score(run) }));
  return [
    ...of(training, ({ result }) => result.score),
    ...Object.entries(judged).flatMap(([column, name]) => of(column, (run) => metricOf(run.result, name)?.mean ?? null)),
  ];
}

/** How many examples a mean is of, and how far it may be from that over all of them: the mean of the runs' standard errors. */
export function exampleDetails({ judged }: JudgedColumns, rows: readonly Row[], runs: readonly ImageRun[]): readonly Detail[] {
  const cells = (f: (metrics: readonly Metric[]) => string): readonly string[] =>
    rows.map((row) => {
      const name = judged[row.column];
      const metrics = runs.flatMap((run) => (name !== undefined && run.job.name === row.name ? (metricOf(run.result, name) ?? []) : []));
      return metrics.length === 0 ? "" : f(metrics);
    });
  return [
    { title: "examples", cells: cells(([first]) => formatCount(first?.examples ?? 0)) },
    {
      title: "standard error",
      cells: cells((metrics) => (summarize(metrics.map(({ standardError }) => standardError)).mean ?? 0).toPrecision(2)),
    },
  ];
}

/** The data that runs were judged on, each once, as a note: `Measured on mnist (SHA-256 of its digests 0123456789ab…).`. None of runs that were not judged. */
export function measuredOn(runs: readonly { readonly result: Pick<TrialResult, "judgement"> }[]): readonly string[] {
  const data = runs.flatMap(({ result: { judgement } }) => judgement?.data ?? []);
  const found = new Set(data.map(({ name, digest }) => `${name} (SHA-256 of its digests ${digest.slice(0, 12)}…)`));
  return found.size === 0 ? [] : [`Measured on ${[...found].join(" and on ")}.`];
}
