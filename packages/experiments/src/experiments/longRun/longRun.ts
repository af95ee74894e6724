import { tunedValues } from "../../tunedValues.ts";
import { defineExperiment, type Preset, type RegisteredExperiment } from "../experiment.ts";
import { runTrial, type Trial, type TrialResult } from "../trial.ts";
import { trialSettings } from "../trialSettings.ts";
import { horizonColumn, longRunDetails, longRunNotes, longRunRows, longRunVerdict } from "./findings.ts";
import { errorWindows, lossWindows } from "./horizons.ts";
import { longRunCurves } from "./longRunCurves.ts";

const task = "noisy-quadratic-bowl";

const jobs = ({ steps, seeds, hyperparameters }: Preset): readonly Trial[] =>
  Array.from({ length: seeds }, (_, seed) => ({
    name: "lodo",
    column: horizonColumn(steps),
    seed,
    evaluations: steps,
    task,
    taskValues: {},
    values: tunedValues(task, "lodo", hyperparameters),
    record: { curve: lossWindows, inverseError: errorWindows },
  }));

/** How far beyond the paper's 100 000 steps LODO goes on improving. */
export const longRun: RegisteredExperiment = defineExperiment<Trial, TrialResult>({
  id: "long-run",
  title: "LODO in the long run",
  summary: "LODO on the noisy quadratic bowl for ten times the paper's steps",
  reference: "Section 4.1, Section 5.1",
  claim: "LODO learns the inverse Hessian over time: an estimator of the error of its approximation decays.",
  presets: { quick: { steps: 20_000, seeds: 2 }, paper: { steps: 1_000_000, seeds: 8 } },
  jobs,
  run: runTrial,
  rows: longRunRows,
  details: longRunDetails,
  verdict: longRunVerdict,
  notes: longRunNotes,
  settings: (preset) => trialSettings(jobs({ ...preset, seeds: 1 }), [horizonColumn(preset.steps)]),
  figures: [longRunCurves],
});
