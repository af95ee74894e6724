import type { Values } from "../../tunedValues.ts";
import type { Preset, Setting } from "../experiment.ts";
import { type Row, rowOf, tabulate } from "../row.ts";
import { describeValues } from "../trialSettings.ts";
import type { SweepRuns, SweepTrial, SweptTask } from "./sweptTask.ts";

/** A setting that is tried. */
export interface SweepPoint {
  /** Its column in the table. */
  readonly column: string;
  /** Where it stands on the sweep's axis. */
  readonly at: number;
  /** What it sets among LODO's hyperparameters. */
  readonly values: Values;
}

/** LODO at its tuned values but for what each point sets; the points later on the axis, which take longer where any do, first. */
export const sweepJobs = (on: SweptTask, points: readonly SweepPoint[], preset: Preset): readonly SweepTrial[] =>
  Array.from({ length: preset.seeds }, (_, seed) => seed).flatMap((seed) =>
    points.toReversed().map(({ column, at, values }) => ({
      name: "lodo",
      column,
      at,
      seed,
      evaluations: preset.steps,
      task: on.task,
      taskValues: on.taskValues(preset),
      values: { ...on.values(preset), ...values },
      record: on.record(preset),
    })),
  );

/** The tuned hyperparameters, with whose they are, and what each point sets among them. */
export const sweepSettings = (on: SweptTask, points: readonly SweepPoint[], preset: Preset): readonly Setting[] => [
  ...on.settings(preset),
  ...points.map(({ column, values }) => ({ name: column, value: describeValues(values) })),
];

/** A row for each point, along the axis. */
export function sweepRows(runs: SweepRuns): readonly Row[] {
  const along = [...runs].sort((a, b) => a.job.at - b.job.at);
  return tabulate(
    along.map(({ job: { name, column }, result: { score } }) => ({ name, column, score })),
    () => null,
  );
}

/** The mean loss at each of the points; null where no run came to its end. */
export const meansAt = (rows: readonly Row[], points: readonly Pick<SweepPoint, "column">[]): readonly (number | null)[] =>
  points.map(({ column }) => rowOf(rows, "lodo", column).mean);
