import { formatCount } from "../../report/format.ts";
import type { Detail, Run, Verdict } from "../experiment.ts";
import { type Row, rowOf, tabulate } from "../row.ts";
import type { Continued, PretrainedResult, PretrainedTrial } from "./trainAndGoOn.ts";

export type PretrainedRuns = readonly Run<PretrainedTrial, PretrainedResult>[];

export const trainingColumn = (steps: number): string => `the last tenth of ${formatCount(steps)} steps of training`;

/** Within so many steps the paper's loss diverged. */
const withinSteps = 10;

/** The loss has diverged when it is this many times that of the training. */
const divergence = 1000;

/** How much worse than in training the frozen G may do where it was trained: a fraction of the loss. */
const tolerance = 0.1;

const continuedOf = (runs: PretrainedRuns, column: string): readonly (Continued & { readonly trained: number | null })[] =>
  runs.flatMap(({ result: { score, continued } }) =>
    continued.filter((each) => each.column === column).map((each) => ({ ...each, trained: score })),
  );

/** The training, then each continuation; a mean loss counts as many evaluations in all. */
export const pretrainedRows = (runs: PretrainedRuns): readonly Row[] =>
  tabulate(
    runs.flatMap(({ job: { name, column }, result: { score, continued } }) => [
      { name, column, score },
      ...continued.map((each) => ({ name, column: each.column, score: each.score })),
    ]),
    () => null,
  );

/** The loss at a step, from 1: that of the last step if the run has ended before. */
const lossAt = ({ losses }: Continued, step: number): number => losses[step - 1] ?? Number.POSITIVE_INFINITY;

const loss = (x: number): string => (Number.isFinite(x) ? x.toPrecision(2).replace("+", "") : "∞");

/** The median of the seeds' losses, which differ by powers of ten: of two in the middle the geometric mean. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [below, above] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return below === undefined || above === undefined ? Number.NaN : Math.sqrt(below) * Math.sqrt(above);
}

const shownSteps = [1, 2, 5, 10, 20] as const;

/** Losses at a few steps beside each row, the median of the seeds. */
export const lossDetails = (rows: readonly Row[], runs: PretrainedRuns): readonly Detail[] =>
  shownSteps.map((step) => ({
    title: `loss at step ${step}`,
    cells: rows.map(({ column }) => {
      const at = continuedOf(runs, column).flatMap((each) =>
        step <= each.losses.length || each.divergedAt !== null ? [lossAt(each, step)] : [],
      );
      return at.length === 0 ? "" : loss(median(at));
    }),
  }));

/** Does the frozen G diverge on a new bowl within ten steps in every run, and do as well as in training where it was trained? */
export function pretrainedVerdict(rows: readonly Row[], runs: PretrainedRuns): Verdict {
  const onNew = continuedOf(runs, "frozen, new bowl");
  const onSame = rowOf(rows, "lodo", "frozen, same bowl");
  const training = rows.find(({ column }) => column === runs[0]?.job.column)?.mean ?? null;
  if (onNew.length === 0 || onSame.mean === null || training === null) return { holds: false, words: "lodo has no result." };
  const tenth = onNew.map((each) => lossAt(each, withinSteps));
  const diverges = onNew.every((each, i) => each.trained !== null && (tenth[i] as number) > divergence * each.trained);
  return {
    holds: diverges && onSame.diverged === 0 && onSame.mean <= (1 + tolerance) * training,
    words:
      `frozen on a new bowl the loss after ${withinSteps} steps is ${loss(Math.min(...tenth))} at least and ${loss(Math.max(...tenth))} at most; frozen on the ` +
      `same bowl the mean loss is ${onSame.mean.toPrecision(4)}, in training it was ${training.toPrecision(4)}.`,
  };
}

export function pretrainedNotes(_: readonly Row[], runs: PretrainedRuns): readonly string[] {
  const ends = continuedOf(runs, "frozen, new bowl").flatMap(({ divergedAt }) => divergedAt ?? []);
  return [
    "A new bowl has another U and noise of its own, and begins anew: x and the centre at 0, no momentum. Only θ and what the meta-optimizer remembers are kept.",
    "The frozen G is near the inverse of the old H, with large eigenvalues along its flat directions. In a new bowl these point anywhere, also where it is " +
      "steep: I − G H then has eigenvalues far beyond 1, and errors grow by that factor at every step. The longer the training, the larger it is.",
    ...(ends.length === 0 ? [] : [`Losses cease to be finite after ${Math.min(...ends)} to ${Math.max(...ends)} steps.`]),
    "With learning on, the meta-optimizer takes the new bowl in, but its small steps cannot keep the loss from growing by many powers of ten before.",
  ];
}
