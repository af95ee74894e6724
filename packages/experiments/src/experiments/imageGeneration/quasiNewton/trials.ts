import { identifiedImages } from "../../../tasks/imageGeneration/images.ts";
import type { JobContext, Preset, PresetName } from "../../experiment.ts";
import { imageRecord } from "../../images/trials.ts";
import { valuesOf } from "../../images/values.ts";
import { runTrial, type Trial, type TrialResult } from "../../trial.ts";
import type { ImageData } from "../comparison.ts";
import { presets as papersPresets, taskValuesOn } from "../trials.ts";
import { imageGenerationValues } from "../values.ts";
import { pixelEntropy } from "./pixelEntropy.ts";

/** As the paper ran them, and corrected. */
export const methods = ["l-bfgs", "o-lbfgs", "l-bfgs-corrected", "o-lbfgs-corrected"] as const;

/** η₀, by decades from the default of 1, which is also about what was tuned on the bowl. */
export const rates: readonly number[] = [1, 0.1, 0.01, 0.001];

export const rateColumn = (η0: number): string => `η₀ = ${η0}`;

/** LODO's column, which there is to compare with. */
export const withoutRate = "no η₀";

export const presets: Readonly<Record<PresetName, Preset>> = {
  quick: { steps: 400, seeds: 1, batch: 16, judgedBy: 2048 },
  paper: papersPresets.paper,
};

export interface QuasiNewtonTrial extends Trial {
  /** η₀; absent of LODO. */
  readonly rate?: number;
  readonly data: ImageData;
}

export interface QuasiNewtonResult extends TrialResult {
  /** The entropy of a test pixel's brightness, in nats. */
  readonly entropy: number;
}

/** LODO at its tuned values, and every method at every rate. */
export const quasiNewtonTrials = (data: ImageData, preset: Preset): readonly QuasiNewtonTrial[] =>
  Array.from({ length: preset.seeds }, (_, seed) => seed).flatMap((seed) => {
    const common = {
      seed,
      evaluations: preset.steps,
      task: imageGenerationValues.task,
      taskValues: taskValuesOn(data, preset),
      record: imageRecord(preset),
      data,
    } as const;
    return [
      { ...common, name: "lodo", column: withoutRate, values: valuesOf(imageGenerationValues, "lodo", preset.hyperparameters) },
      ...methods.flatMap((name) =>
        rates.map((rate) => ({ ...common, name, column: rateColumn(rate), rate, values: { learningRate: rate } })),
      ),
    ];
  });

/** A trial, and what its test loss is to be below. */
export function runQuasiNewtonTrial(trial: QuasiNewtonTrial, context: JobContext): QuasiNewtonResult {
  const result = runTrial(trial, context);
  const entropy = context.untimed(() => pixelEntropy(identifiedImages(trial.data).test));
  return { ...result, entropy };
}
