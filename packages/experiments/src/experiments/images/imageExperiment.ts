import { defineExperiment, type RegisteredExperiment } from "../experiment.ts";
import { runTrial, type Trial, type TrialResult } from "../trial.ts";
import { imageExperimentByTime } from "./imageExperimentByTime.ts";
import { imageNotes, imageRows, imageSettings } from "./imageFindings.ts";
import { exampleDetails } from "./imageRun.ts";
import type { ImageTable } from "./imageTable.ts";
import { lossesBySteps } from "./lossCurves.ts";
import { imageTrials, largestFootprint } from "./trials.ts";

/** The experiment of such a table, by steps and by the clock. */
export const imageExperiment = (table: ImageTable): RegisteredExperiment =>
  defineExperiment<Trial, TrialResult>({
    id: table.id,
    title: table.title,
    summary: `${table.subject}, which it needs: losses and their curves`,
    reference: table.reference,
    claim: table.claim,
    presets: table.presets,
    dtype: "float32",
    ...(table.memory === undefined ? {} : { memory: table.memory }),
    footprint: (preset) => largestFootprint(table.trials, preset),
    data: table.data,
    jobs: (preset) => imageTrials(table.trials, preset),
    run: runTrial,
    rows: (runs) => imageRows(table, runs),
    details: (rows, runs) => exampleDetails(table.columns, rows, runs),
    verdict: table.verdict,
    notes: (_, runs) => [
      ...imageNotes(table, runs),
      "How long each run took, without the time in which x was judged, is in timings.json; --seconds gives steps a second and curves by the clock.",
    ],
    settings: (preset) => imageSettings(table, preset),
    figures: [lossesBySteps(table.curves)],
    byTime: (seconds) => imageExperimentByTime(table, seconds),
  });
