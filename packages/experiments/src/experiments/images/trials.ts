import type { Footprint } from "../../run/footprint.ts";
import { predictFootprint } from "../../run/memory.ts";
import type { Sampling } from "../../tasks/task.ts";
import type { Values } from "../../tunedValues.ts";
import type { Preset } from "../experiment.ts";
import { configurationOf, type Trial, type TrialRecord } from "../trial.ts";
import type { TimedTrial } from "../trialByTime.ts";
import { type ImageTaskValues, valuesOf } from "./values.ts";

/** Optimizers that train a network on images. */
export interface ImageTrials {
  /** Those with the longest steps first. */
  readonly names: readonly string[];
  readonly column: string;
  readonly values: ImageTaskValues;
  taskValues(preset: Preset): Values;
  /** The steps of the paper's runs. */
  readonly paperSteps: number;
  /** The one whose steps take most memory, where there may not be enough. */
  readonly largest?: string;
}

type Common = Pick<Trial, "name" | "column" | "seed" | "task" | "taskValues" | "values">;

const common = ({ names, column, values, taskValues }: ImageTrials, preset: Preset): readonly Common[] =>
  Array.from({ length: preset.seeds }, (_, seed) => seed).flatMap((seed) =>
    names.map((name) => ({
      name,
      column,
      seed,
      task: values.task,
      taskValues: taskValues(preset),
      values: valuesOf(values, name, preset.hyperparameters),
    })),
  );

/** By how many examples a preset has the last x judged: all there are, unless it says. */
export const samplingOf = ({ judgedBy }: Preset): Sampling => (judgedBy === undefined ? "everything" : { draws: judgedBy });

/** What is kept of a run on images. */
export const imageRecord = (preset: Preset): TrialRecord => ({ curve: { spacing: "log", count: 60 }, judgedBy: samplingOf(preset) });

/** Every optimizer from every seed, for a number of steps. */
export const imageTrials = (trials: ImageTrials, preset: Preset): readonly Trial[] =>
  common(trials, preset).map((each) => ({
    ...each,
    evaluations: preset.steps,
    record: imageRecord(preset),
  }));

/** The same for a time. LARS lets its rate fall to 0 over its run, and a run by the clock does not know how many steps it will have: those of the paper's. */
export const timedImageTrials = (trials: ImageTrials, preset: Preset, seconds: number): readonly TimedTrial[] =>
  common(trials, preset).map((each) => ({
    ...each,
    values: { ...each.values, ...(each.name === "lars" ? { steps: trials.paperSteps } : {}) },
    evaluations: 0,
    seconds,
    judgedBy: samplingOf(preset),
  }));

/** Of a run of the largest; null where none is named. */
export function largestFootprint(trials: ImageTrials, preset: Preset): Footprint | null {
  const [trial] = trials.largest === undefined ? [] : imageTrials({ ...trials, names: [trials.largest] }, { ...preset, seeds: 1 });
  return trial ? predictFootprint(configurationOf(trial, 1)) : null;
}
