import { formatCount } from "../../report/format.ts";
import type { Preset } from "../experiment.ts";
import type { ImageRun } from "../images/imageRun.ts";
import { inOrder, ranked } from "../images/standing.ts";
import { type Estimate, type Row, rowOf } from "../row.ts";
import { columnsOn, type ImageComparison, type ImageData, paperBatch, paperNumber, paperSeconds, titleOf } from "./comparison.ts";

/** The paper's numbers are of MNIST, of 50 000 s and of its batch; they stand beside nothing else. */
const isPapers = (data: ImageData, runs: readonly ImageRun[]): boolean =>
  data === "mnist" &&
  runs.length > 0 &&
  runs.every(
    ({ job: { seconds, taskValues }, result: { judgement } }) =>
      seconds === paperSeconds && taskValues["batch"] === paperBatch && (judgement?.data?.name ?? data) === data,
  );

/** The paper's number of an optimizer in a column, for runs that it can stand beside. */
export function paperEstimate(
  { paper }: ImageComparison,
  data: ImageData,
  runs: readonly ImageRun[],
): (name: string, column: string) => Estimate | null {
  const { training, validation } = columnsOn(data);
  const compared = isPapers(data, runs);
  return (name, column) => (compared && column !== validation ? paperNumber(paper[name], column === training ? "training" : "test") : null);
}

/** What a loss is of, and where the paper's own stand. */
export function imageNotes({ names, paper, notes }: ImageComparison, data: ImageData, runs: readonly ImageRun[]): readonly string[] {
  const printed = names.map((name) => {
    const losses = paper[name];
    return `${name} ${losses ? `${losses.training} and ${losses.test}` : "diverged"}`;
  });
  return [
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
  ];
}

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
  const order = (column: string): string => inOrder(ranked(rows, column));
  if (training === null || test === null) return { above: null, words: "lodo has no result." };
  return {
    above: { training, test },
    words: `by training loss on ${titleOf(data)} ${order(columns.training)}; by test loss ${order(columns.test)}.`,
  };
}

/** What the runs are of, beside the optimizers' values. */
export const budget = ({ batch = paperBatch, judgedBy }: Preset): string =>
  `batch = ${batch}, judged by ${judgedBy === undefined ? "every pixel" : `${formatCount(judgedBy)} pixels drawn`} of each set`;
