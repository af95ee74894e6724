import { defineExperiment, type Preset, type RegisteredExperiment } from "../experiment.ts";
import { shareNotes, speeds } from "../speeds.ts";
import { runTrialByTime, type TimedResult, type TimedTrial } from "../trialByTime.ts";
import { imageNotes, imageRows, imageSettings } from "./imageFindings.ts";
import { exampleDetails } from "./imageRun.ts";
import type { ImageTable } from "./imageTable.ts";
import { lossesByTime } from "./lossCurves.ts";
import { largestFootprint, timedImageTrials } from "./trials.ts";

/** The table's other columns: every optimizer for the same time. */
export function imageExperimentByTime(table: ImageTable, seconds: number): RegisteredExperiment {
  const { trials } = table;
  const lasting = (preset: Preset): Preset => ({ ...preset, steps: 0, seconds });
  return defineExperiment<TimedTrial, TimedResult>({
    id: `${table.id}-by-time`,
    title: `${table.title}, by the clock`,
    summary: `${table.subject} after the same time`,
    reference: `${table.reference}, Appendix H`,
    claim: table.claim,
    presets: { quick: lasting(table.presets.quick), paper: lasting(table.presets.paper) },
    dtype: "float32",
    ...(table.memory === undefined ? {} : { memory: table.memory }),
    footprint: (preset) => largestFootprint(table.trials, preset),
    data: table.data,
    jobs: (preset) => timedImageTrials(trials, preset, seconds),
    run: (job, context) => runTrialByTime(job, context),
    rows: (runs) => imageRows(table, runs),
    details: (rows, runs) => [...exampleDetails(table.columns, rows, runs), ...speeds(rows, runs)],
    verdict: table.verdict,
    notes: (_, runs) => [
      "Measured by the clock: these numbers differ from run to run and from machine to machine, and are no others than of the machine named below.",
      `Every run has ${seconds} s from its first step on, alone on the machine as far as lodo is concerned: the draws of the batch, forward and backward ` +
        "passes and the optimizer count, judging x does not.",
      ...(trials.names.includes("lars")
        ? [`LARS lets its rate fall to 0 over its run; by the clock, over ${trials.paperSteps} steps, however many it makes.`]
        : []),
      ...shareNotes(runs),
      ...imageNotes(table, runs),
    ],
    settings: (preset) => imageSettings(table, preset),
    figures: [lossesByTime(table.curves)],
  });
}
