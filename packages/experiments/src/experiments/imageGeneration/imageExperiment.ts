import { identifiedImages } from "../../tasks/imageGeneration/images.ts";
import { defineExperiment, type RegisteredExperiment } from "../experiment.ts";
import { runTrial, type Trial, type TrialResult } from "../trial.ts";
import { type ImageComparison, type ImageData, idOn, type Judged, titleOf } from "./comparison.ts";
import { budgetSettings, imageDetails, imageNotes, imageRows } from "./findings.ts";
import { imageExperimentByTime } from "./imageExperimentByTime.ts";
import { lossesBySteps } from "./lossCurves.ts";
import { imageTrials, presets } from "./trials.ts";
import { valueSettings } from "./values.ts";

/** A table of Section 5.3 on one of the data sets. */
export const imageExperiment = (comparison: ImageComparison, verdict: Judged, data: ImageData): RegisteredExperiment =>
  defineExperiment<Trial, TrialResult>({
    id: idOn(comparison.table, data),
    title: `${comparison.title} on ${titleOf(data)}`,
    summary: `${comparison.title.toLowerCase()} on ${titleOf(data)}, which it needs: losses and their curves`,
    reference: comparison.reference,
    claim: comparison.claim,
    presets,
    dtype: "float32",
    ...(comparison.memory === undefined ? {} : { memory: comparison.memory }),
    data: () => identifiedImages(data).data,
    jobs: (preset) => imageTrials(comparison, data, preset),
    run: runTrial,
    rows: (runs) => imageRows(comparison, data, runs),
    details: (rows, runs) => imageDetails(data, rows, runs),
    verdict: (rows) => verdict(rows, data),
    notes: (_, runs) => [
      ...imageNotes(comparison, data, runs),
      "How long each run took, without the time in which x was judged, is in timings.json; --seconds gives steps a second and curves by the clock.",
    ],
    settings: (preset) => [...valueSettings(comparison.names, preset.hyperparameters), budgetSettings(preset)],
    figures: [lossesBySteps(comparison, data)],
    byTime: (seconds) => imageExperimentByTime(comparison, verdict, data, seconds),
  });
