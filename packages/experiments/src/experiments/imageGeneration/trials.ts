import type { Preset } from "../experiment.ts";
import type { Trial } from "../trial.ts";
import type { TimedTrial } from "../trialByTime.ts";
import { columnsOn, type ImageComparison, type ImageData } from "./comparison.ts";
import { valuesOf } from "./values.ts";

/** The paper's budget, and one of a few minutes. */
export const presets: Readonly<Record<"quick" | "paper", Preset>> = {
  quick: { steps: 150, seeds: 2, batch: 16, judgedBy: 1024 },
  paper: { steps: 300_000, seeds: 8, batch: 256 },
};

type Common = Pick<Trial, "name" | "column" | "seed" | "task" | "taskValues" | "values">;

const common = ({ names }: ImageComparison, data: ImageData, { seeds, batch, hyperparameters }: Preset): readonly Common[] =>
  Array.from({ length: seeds }, (_, seed) => seed).flatMap((seed) =>
    names.map((name) => ({
      name,
      column: columnsOn(data).training,
      seed,
      task: "image-generation",
      taskValues: { data, ...(batch === undefined ? {} : { batch }) },
      values: valuesOf(name, hyperparameters),
    })),
  );

const samplingOf = ({ judgedBy }: Preset) => (judgedBy === undefined ? ("everything" as const) : { draws: judgedBy });

/** Every optimizer from every seed, for a number of steps. */
export const imageTrials = (comparison: ImageComparison, data: ImageData, preset: Preset): readonly Trial[] =>
  common(comparison, data, preset).map((each) => ({
    ...each,
    evaluations: preset.steps,
    record: { curve: { spacing: "log", count: 60 }, judgedBy: samplingOf(preset) },
  }));

/** LARS lets its rate fall to 0 over its run, and a run by the clock does not know how many steps it will have: those of the paper's. */
const lengthOf = (name: string): Readonly<Record<string, number>> => (name === "lars" ? { steps: presets.paper.steps } : {});

/** The same for a time. */
export const timedImageTrials = (comparison: ImageComparison, data: ImageData, preset: Preset, seconds: number): readonly TimedTrial[] =>
  common(comparison, data, preset).map((each) => ({
    ...each,
    values: { ...each.values, ...lengthOf(each.name) },
    evaluations: 0,
    seconds,
    judgedBy: samplingOf(preset),
  }));
