import { identifiedImages } from "../../tasks/imageGeneration/images.ts";
import { defineExperiment, type Preset, type RegisteredExperiment } from "../experiment.ts";
import { speeds } from "../speeds.ts";
import { runTrialByTime, type TimedResult, type TimedTrial } from "../trialByTime.ts";
import { type ImageComparison, type ImageData, idOn, type Judged, titleOf } from "./comparison.ts";
import { budgetSettings, imageDetails, imageNotes, imageRows } from "./findings.ts";
import { lossesByTime } from "./lossCurves.ts";
import { presets, timedImageTrials } from "./trials.ts";
import { valueSettings } from "./values.ts";

/** The table's other columns: every optimizer for the same time. */
export function imageExperimentByTime(
  comparison: ImageComparison,
  verdict: Judged,
  data: ImageData,
  seconds: number,
): RegisteredExperiment {
  const lasting = (preset: Preset): Preset => ({ ...preset, steps: 0, seconds });
  return defineExperiment<TimedTrial, TimedResult>({
    id: `${idOn(comparison.table, data)}-by-time`,
    title: `${comparison.title} on ${titleOf(data)}, by the clock`,
    summary: `${comparison.title.toLowerCase()} on ${titleOf(data)} after the same time`,
    reference: `${comparison.reference}, Appendix H`,
    claim: comparison.claim,
    presets: { quick: lasting(presets.quick), paper: lasting(presets.paper) },
    dtype: "float32",
    ...(comparison.memory === undefined ? {} : { memory: comparison.memory }),
    data: () => identifiedImages(data).data,
    jobs: (preset) => timedImageTrials(comparison, data, preset, seconds),
    run: (job, context) => runTrialByTime(job, context),
    rows: (runs) => imageRows(comparison, data, runs),
    details: (rows, runs) => [...imageDetails(data, rows, runs), ...speeds(rows, runs)],
    verdict: (rows) => verdict(rows, data),
    notes: (_, runs) => [
      "Measured by the clock: these numbers differ from run to run and from machine to machine, and are no others than of the machine named below.",
      `Every run has ${seconds} s from its first step on, alone on the machine as far as lodo is concerned: the draws of the batch, forward and backward ` +
        "passes and the optimizer count, judging x does not.",
      ...(comparison.names.includes("lars")
        ? [`LARS lets its rate fall to 0 over its run; by the clock, over ${presets.paper.steps} steps, however many it makes.`]
        : []),
      ...imageNotes(comparison, data, runs),
    ],
    settings: (preset) => [...valueSettings(comparison.names, preset.hyperparameters), budgetSettings(preset)],
    figures: [lossesByTime(comparison, data)],
  });
}
