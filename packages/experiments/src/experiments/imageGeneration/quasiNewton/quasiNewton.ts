import { identifiedImages } from "../../../tasks/imageGeneration/images.ts";
import { defineExperiment, type RegisteredExperiment } from "../../experiment.ts";
import { valueSettings } from "../../images/values.ts";
import { type ImageData, idOn, titleOf } from "../comparison.ts";
import { budget } from "../findings.ts";
import { imageGenerationValues } from "../values.ts";
import { lossesAtBestRates, lossesByRate } from "./figures.ts";
import { quasiNewtonDetails, quasiNewtonNotes, quasiNewtonRows, quasiNewtonVerdict } from "./findings.ts";
import {
  methods,
  presets,
  type QuasiNewtonResult,
  type QuasiNewtonTrial,
  quasiNewtonTrials,
  rates,
  runQuasiNewtonTrial,
} from "./trials.ts";

/** What Section 5.3 says beside Table 2: no quasi-Newton method converges on the image generator. */
export const imageQuasiNewton = (data: ImageData): RegisteredExperiment =>
  defineExperiment<QuasiNewtonTrial, QuasiNewtonResult>({
    id: idOn("table-2-quasi-newton", data),
    title: `Quasi-Newton methods in image generation on ${titleOf(data)}`,
    summary: `L-BFGS and O-LBFGS on the image generator on ${titleOf(data)}, at learning rates from 1 to 0.001`,
    reference: "Section 5.3, beside Table 2",
    claim: "LODO trains the image generator, on which no quasi-Newton method could be got to converge.",
    columnsAre: `training loss on ${titleOf(data)},`,
    presets,
    dtype: "float32",
    data: () => identifiedImages(data).data,
    jobs: (preset) => quasiNewtonTrials(data, preset),
    run: runQuasiNewtonTrial,
    rows: quasiNewtonRows,
    details: quasiNewtonDetails,
    verdict: (_, runs) => quasiNewtonVerdict(runs),
    notes: (_, runs) => quasiNewtonNotes(data, runs),
    settings: (preset) => [
      ...valueSettings(imageGenerationValues, ["lodo"], preset.hyperparameters),
      { name: methods.join(", "), value: `learningRate = ${rates.join(", ")} (ours: Table 6 has none), tau and history by default` },
      { name: "all", value: budget(preset) },
    ],
    figures: [lossesByRate(data), lossesAtBestRates(data)],
  });
