import { tunedValues } from "../../tunedValues.ts";
import { defineExperiment, type Preset, type RegisteredExperiment } from "../experiment.ts";
import { trialSettings } from "../trialSettings.ts";
import { continuations } from "./continuations.ts";
import { lossDetails, pretrainedNotes, pretrainedRows, pretrainedVerdict, trainingColumn } from "./findings.ts";
import { frozenLosses } from "./frozenLosses.ts";
import { continuationSteps, type PretrainedResult, type PretrainedTrial, trainAndGoOn } from "./trainAndGoOn.ts";

const task = "noisy-quadratic-bowl";

const jobs = ({ steps, seeds, hyperparameters }: Preset): readonly PretrainedTrial[] =>
  Array.from({ length: seeds }, (_, seed) => ({
    name: "lodo",
    column: trainingColumn(steps),
    seed,
    training: steps,
    evaluations: steps + continuations.length * continuationSteps(steps),
    taskValues: {},
    values: tunedValues(task, "lodo", hyperparameters),
  }));

/** Section 5.1, "Pretrained and Frozen Preconditioner": what LODO has learned of one bowl, used on another. */
export const pretrainedFrozen: RegisteredExperiment = defineExperiment<PretrainedTrial, PretrainedResult>({
  id: "pretrained-frozen",
  title: "A pretrained and frozen preconditioner",
  summary: "LODO trained on one bowl, frozen, and used on it and on another",
  reference: "Section 5.1, Pretrained and Frozen Preconditioner",
  claim: "LODO trained for 100 000 steps, frozen and used on a new quadratic bowl diverges within 10 steps: it is best trained on the fly.",
  presets: { quick: { steps: 10_000, seeds: 3 }, paper: { steps: 100_000, seeds: 8 } },
  jobs,
  run: trainAndGoOn,
  rows: pretrainedRows,
  details: lossDetails,
  verdict: pretrainedVerdict,
  notes: pretrainedNotes,
  settings: (preset) =>
    trialSettings(
      jobs({ ...preset, seeds: 1 }).map((job) => ({ ...job, task })),
      [trainingColumn(preset.steps)],
    ),
  figures: [frozenLosses],
});
