import { formatCount } from "../../report/format.ts";
import type { Metric } from "../../tasks/task.ts";
import { earlyEnds } from "../earlyEnds.ts";
import type { Detail, Preset } from "../experiment.ts";
import { type Row, rowOf, summarize, tabulate } from "../row.ts";
import type { Trial, TrialResult } from "../trial.ts";
import { columnsOn, type ImageComparison, type ImageData, paperBatch, paperNumber, paperSeconds, titleOf } from "./comparison.ts";

/** A run, by steps or by the clock. */
export interface ImageRun {
  readonly job: Pick<Trial, "name" | "column" | "seconds" | "taskValues">;
  readonly result: Pick<TrialResult, "score" | "divergedAt" | "stopped" | "judgement">;
}

const metricOf = ({ result: { judgement } }: ImageRun, name: string): Metric | undefined =>
  judgement?.metrics.find((metric) => metric.name === name);

/** The paper's numbers are of MNIST, of 50 000 s and of its batch; they stand beside nothing else. */
const isPapers = (data: ImageData, runs: readonly ImageRun[]): boolean =>
  data === "mnist" &&
  runs.length > 0 &&
  runs.every(
    ({ job: { seconds, taskValues }, result: { judgement } }) =>
      seconds === paperSeconds && taskValues["batch"] === paperBatch && (judgement?.data?.name ?? data) === data,
  );

/** Training loss over the last tenth, validation and test loss of the last x: a row for each optimizer in each. */
export function imageRows({ paper }: ImageComparison, data: ImageData, runs: readonly ImageRun[]): readonly Row[] {
  const { training, validation, test } = columnsOn(data);
  const compared = isPapers(data, runs);
  const of = (column: string, score: (run: ImageRun) => number | null) =>
    runs.map((run) => ({ name: run.job.name, column, score: run.result.score === null ? null : score(run) }));
  const scored = [
    ...of(training, ({ result }) => result.score),
    ...of(validation, (run) => metricOf(run, "validation loss")?.mean ?? null),
    ...of(test, (run) => metricOf(run, "test loss")?.mean ?? null),
  ];
  return tabulate(scored, (name, column) => {
    if (!compared || column === validation) return null;
    return paperNumber(paper[name], column === training ? "training" : "test");
  });
}

/** How many examples a mean is of, and how far it may be from that over all of them: the mean of the runs' standard errors. */
export function imageDetails(data: ImageData, rows: readonly Row[], runs: readonly ImageRun[]): readonly Detail[] {
  const { validation, test } = columnsOn(data);
  const names: Readonly<Record<string, string>> = { [validation]: "validation loss", [test]: "test loss" };
  const cells = (f: (metrics: readonly Metric[]) => string): readonly string[] =>
    rows.map((row) => {
      const name = names[row.column];
      const metrics = runs.flatMap((run) => (name !== undefined && run.job.name === row.name ? (metricOf(run, name) ?? []) : []));
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

/** What a loss was measured on and with, where the paper's own stand, and who ended early. */
export function imageNotes({ names, paper, notes }: ImageComparison, data: ImageData, runs: readonly ImageRun[]): readonly string[] {
  const found = [
    ...new Set(
      runs
        .flatMap(({ result: { judgement } }) => judgement?.data ?? [])
        .map(({ name, digest }) => `${name} (SHA-256 of its digests ${digest.slice(0, 12)}…)`),
    ),
  ];
  const printed = names.map((name) => {
    const losses = paper[name];
    return `${name} ${losses ? `${losses.training} and ${losses.test}` : "diverged"}`;
  });
  return [
    ...(found.length === 0 ? [] : [`Measured on ${found.join(" and on ")}.`]),
    "Losses are in nats a pixel. The training loss is the mean over evaluations i with 0.9 T < i < T; validation and test loss are those of the last x, " +
      "on the last 64 training images and on the test images. ± is the deviation over seeds; the standard error is that of the examples drawn, the same " +
      "ones for every run, and 0 where every pixel was taken.",
    ...(data !== "mnist"
      ? [`These are numbers of ${titleOf(data)}; the paper's are of MNIST, and are not to be compared with them.`]
      : isPapers(data, runs)
        ? []
        : [
            "The paper's losses after 300 000 steps are not known to us. After 50 000 s on its machine training and test loss are, " +
              `at batch ${paperBatch}: ` +
              `${printed.join(", ")}. They stand beside ours with --seconds ${paperSeconds} and --preset paper alone.`,
          ]),
    ...notes,
    ...earlyEnds(runs),
  ];
}

/** `lodo with 0.6890` */
const show = ({ name, mean }: Row): string => `${name} with ${(mean ?? Number.NaN).toPrecision(4)}`;

/** The rows of a column that have a mean, the best first. */
const ranked = (rows: readonly Row[], column: string): readonly Row[] =>
  rows.filter((row) => row.column === column && row.mean !== null).sort((a, b) => (a.mean ?? 0) - (b.mean ?? 0));

/** How LODO's training loss stands to the others', and its test loss: the best of each, and LODO's share above it. */
export function standingOfLodo(
  rows: readonly Row[],
  data: ImageData,
): { readonly above: { readonly training: number; readonly test: number } | null; readonly words: string } {
  const columns = columnsOn(data);
  const above = (column: string): number | null => {
    const [best] = ranked(rows, column);
    const { mean } = rowOf(rows, "lodo", column);
    return best?.mean == null || mean === null ? null : mean / best.mean - 1;
  };
  const [training, test] = [above(columns.training), above(columns.test)];
  const order = (column: string): string => ranked(rows, column).map(show).join(", ");
  if (training === null || test === null) return { above: null, words: "lodo has no result." };
  return {
    above: { training, test },
    words: `by training loss on ${titleOf(data)} ${order(columns.training)}; by test loss ${order(columns.test)}.`,
  };
}

/** What the runs are of, beside the optimizers' values. */
export const budgetSettings = ({
  batch = 256,
  judgedBy,
}: Pick<Preset, "batch" | "judgedBy">): { readonly name: string; readonly value: string } => ({
  name: "all",
  value: `batch = ${batch}, judged by ${judgedBy === undefined ? "every pixel" : `${formatCount(judgedBy)} pixels drawn`} of each set`,
});
