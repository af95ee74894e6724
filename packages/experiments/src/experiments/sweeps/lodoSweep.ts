import { formatEstimate } from "../../report/format.ts";
import { tunedValues, type Values } from "../../tunedValues.ts";
import type { Detail, Preset, Run, Setting } from "../experiment.ts";
import { type Row, rowOf, summarize, tabulate } from "../row.ts";
import type { Trial, TrialResult } from "../trial.ts";
import { describeValues, trialSettings } from "../trialSettings.ts";

export const sweptTask = "noisy-quadratic-bowl";

/** A setting that is tried. */
export interface SweepPoint {
  /** Its column in the table. */
  readonly column: string;
  /** Where it stands on the sweep's axis. */
  readonly at: number;
  /** What it sets among LODO's hyperparameters. */
  readonly values: Values;
}

/** LODO on the bowl at one setting. */
export interface SweepTrial extends Trial {
  readonly at: number;
}

export type SweepRuns<R extends TrialResult = TrialResult> = readonly Run<SweepTrial, R>[];

/** LODO at its tuned values but for what each point sets; the points later on the axis, which take longer where any do, first. */
export const sweepJobs = (points: readonly SweepPoint[], { steps, seeds, hyperparameters }: Preset): readonly SweepTrial[] =>
  Array.from({ length: seeds }, (_, seed) => seed).flatMap((seed) =>
    points.toReversed().map(({ column, at, values }) => ({
      name: "lodo",
      column,
      at,
      seed,
      evaluations: steps,
      task: sweptTask,
      taskValues: {},
      values: { ...tunedValues(sweptTask, "lodo", hyperparameters), ...values },
      record: { inverseError: { spacing: "linear", count: 1 } as const },
    })),
  );

/** The tuned hyperparameters, with whose they are, and what each point sets among them. */
export const sweepSettings = (points: readonly SweepPoint[], { hyperparameters }: Pick<Preset, "hyperparameters">): readonly Setting[] => [
  ...trialSettings([{ name: "lodo", column: "", task: sweptTask, values: tunedValues(sweptTask, "lodo", hyperparameters) }], [""]),
  ...points.map(({ column, values }) => ({ name: column, value: describeValues(values) })),
];

/** ‖I − G H‖_F / √n after the last step; null if the run diverged. */
export const lastError = ({ divergedAt, inverseError }: TrialResult): number | null =>
  divergedAt === null ? (inverseError?.at(-1)?.error ?? null) : null;

/** A row for each point, along the axis. */
export function sweepRows(runs: SweepRuns): readonly Row[] {
  const along = [...runs].sort((a, b) => a.job.at - b.job.at);
  return tabulate(
    along.map(({ job: { name, column }, result: { score } }) => ({ name, column, score })),
    () => null,
  );
}

/** The inverse-Hessian error beside each row. */
export const errorDetail = (rows: readonly Row[], runs: SweepRuns): Detail => ({
  title: "inverse-Hessian error",
  cells: rows.map(({ column }) => {
    const errors = runs.flatMap(({ job, result }) => (job.column === column ? (lastError(result) ?? []) : []));
    return formatEstimate(summarize(errors));
  }),
});

/** The mean loss at each of the points; null where no run came to its end. */
export const meansAt = (rows: readonly Row[], points: readonly SweepPoint[]): readonly (number | null)[] =>
  points.map(({ column }) => rowOf(rows, "lodo", column).mean);
