import type { AxisOptions, LearningCurvesOptions } from "../../plots/learningCurves.ts";
import type { Values } from "../../tunedValues.ts";
import type { Detail, Experiment, Preset, Run, Setting } from "../experiment.ts";
import type { Row } from "../row.ts";
import type { Trial, TrialRecord, TrialResult } from "../trial.ts";

/** LODO at one setting of a sweep. */
export interface SweepTrial extends Trial {
  /** Where it stands on the sweep's axis. */
  readonly at: number;
}

export type SweepRuns<R extends TrialResult = TrialResult> = readonly Run<SweepTrial, R>[];

/** What is swept. */
export type Swept = "depth" | "block size" | "momentum";

/** What LODO is swept on, how long, and what is looked at there. */
export interface SweptTask {
  /** A registry id. */
  readonly task: string;
  /** n, length of x. */
  readonly dim: number;
  /** "on the noisy quadratic bowl", to follow "LODO". */
  readonly where: string;
  /** "Section 5.1" */
  readonly section: string;
  /** Of an experiment or figure there, from what it is called on the bowl. */
  readonly idOf: (id: string) => string;
  readonly titleOf: (title: string) => string;
  /** What jobs there need. */
  readonly needs: Pick<Experiment, "dtype" | "memory" | "data">;
  readonly presets: (swept: Swept) => Experiment["presets"];
  readonly taskValues: (preset: Preset) => Values;
  /** LODO's hyperparameters, but for what a point of the sweep sets. */
  readonly values: (preset: Pick<Preset, "hyperparameters">) => Values;
  /** The same in words, with whose they are. */
  readonly settings: (preset: Preset) => readonly Setting[];
  readonly record: (preset: Preset) => TrialRecord;
  /** What is measured beside the loss. */
  readonly details: (rows: readonly Row[], runs: SweepRuns) => readonly Detail[];
  readonly panels: readonly SweepPanel[];
  /** Why losses of these runs say little of what LODO learns: sentences; none where they do say it. */
  readonly caveats: (runs: SweepRuns) => readonly string[];
  /** What a reader has to know about these runs, whatever is swept. */
  readonly notes: (rows: readonly Row[], runs: SweepRuns) => readonly string[];
}

/** What is drawn of each run against the setting that is swept. */
export interface SweepPanel {
  /** "loss" */
  readonly shows: string;
  /** By the name of its line; null where the run has none. */
  readonly series: Readonly<Record<string, (result: TrialResult) => number | null>>;
  /** `far` where the settings make for very different losses. */
  readonly y: (runs: SweepRuns, losses: "near" | "far") => AxisOptions;
  readonly level?: (losses: "near" | "far") => LearningCurvesOptions["level"];
  readonly height: number;
}
