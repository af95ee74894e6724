import { formatCount, formatEstimate } from "../../report/format.ts";
import type { Detail, Run, Verdict } from "../experiment.ts";
import { newtonsLoss } from "../newtonsLoss.ts";
import { type Row, rowOf, summarize, tabulate } from "../row.ts";
import type { Trial, TrialResult } from "../trial.ts";
import { horizonsOf, lossAtHorizon } from "./horizons.ts";

export type LongRuns = readonly Run<Trial, TrialResult>[];

export const horizonColumn = (step: number): string => `${formatCount(step)} steps`;

/** The loss has levelled off where it is within this fraction of what it is at the end. */
const level = 0.02;

const lengthOf = (runs: LongRuns): number => runs[0]?.job.evaluations ?? 0;

/** A row for the whole run, then one for each horizon before its end. */
export function longRunRows(runs: LongRuns): readonly Row[] {
  const whole = runs.map(({ job: { name, column }, result: { score } }) => ({ name, column, score }));
  const parts = horizonsOf(lengthOf(runs))
    .slice(0, -1)
    .map((step) =>
      runs.map(({ job: { name }, result: { divergedAt, curve = [] } }) => {
        const score = divergedAt !== null && divergedAt <= step ? null : lossAtHorizon(curve, step);
        return { name, column: horizonColumn(step), score };
      }),
    );
  return tabulate([...parts.flat(), ...whole], () => null);
}

/** ‖I − G H‖_F / √n at a step, averaged over the runs that have got there. */
const errorsAt = (runs: LongRuns, at: number) =>
  summarize(runs.flatMap(({ result: { inverseError = [] } }) => inverseError.filter(({ step }) => step === at).map(({ error }) => error)));

/** The inverse-Hessian error beside each horizon. */
export const longRunDetails = (rows: readonly Row[], runs: LongRuns): readonly Detail[] => [
  {
    title: "inverse-Hessian error",
    cells: rows.map(({ column }) => {
      const step = horizonsOf(lengthOf(runs)).find((horizon) => horizonColumn(horizon) === column);
      return step === undefined ? "" : formatEstimate(errorsAt(runs, step));
    }),
  },
];

interface Horizon {
  readonly step: number;
  readonly loss: number | null;
  readonly error: number | null;
}

const horizons = (rows: readonly Row[], runs: LongRuns): readonly Horizon[] =>
  horizonsOf(lengthOf(runs)).map((step) => ({
    step,
    loss: rowOf(rows, "lodo", horizonColumn(step)).mean,
    error: errorsAt(runs, step).mean,
  }));

/** The first horizon from which the loss stays within a fraction of that at the end. */
export function levelledFrom(all: readonly Pick<Horizon, "step" | "loss">[]): number | null {
  const last = all.at(-1)?.loss ?? null;
  if (last === null) return null;
  const above = all.findLastIndex(({ loss }) => loss === null || loss > (1 + level) * last);
  return all[above + 1]?.step ?? null;
}

/** Are loss and inverse-Hessian error lower at the end than at a tenth of the run? */
export function longRunVerdict(rows: readonly Row[], runs: LongRuns): Verdict {
  const all = horizons(rows, runs);
  const [end, tenth] = [all.at(-1), all.find(({ step }) => step === Math.ceil(lengthOf(runs) / 10))];
  if (end?.loss == null || end.error === null || tenth?.loss == null || tenth.error === null)
    return { holds: false, words: "lodo has no result." };
  const from = levelledFrom(all);
  const levelled =
    from === null || from === end.step
      ? "the loss has not levelled off"
      : `from ${formatCount(from)} steps on the loss is within ${100 * level}% of its last`;
  return {
    holds: end.error < tenth.error && end.loss < tenth.loss,
    words:
      `from ${formatCount(tenth.step)} to ${formatCount(end.step)} steps LODO's loss goes from ${tenth.loss.toPrecision(4)} to ${end.loss.toPrecision(4)}, its ` +
      `inverse-Hessian error from ${tenth.error.toPrecision(3)} to ${end.error.toPrecision(3)}; ${levelled}.`,
  };
}

export const longRunNotes = (rows: readonly Row[], runs: LongRuns): readonly string[] => [
  `Every line is the mean loss over the last tenth of so many steps. The optimum is ½ σ² tr H = ${newtonsLoss}, which only a method that is told the Hessian has.`,
  ...horizons(rows, runs)
    .slice(-1)
    .flatMap(({ loss }) =>
      loss === null ? [] : [`At the end the loss is ${((100 * loss) / newtonsLoss - 100).toFixed(1)}% above the optimum.`],
    ),
  "The learning rate of the meta-optimizer stays as it was tuned, in runs of at most 8 000 steps (Table 5): θ goes on moving at the end as it did at the start.",
];
