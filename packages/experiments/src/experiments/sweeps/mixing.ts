import { layersToMix } from "@lodo/preconditioner";
import { createRng } from "@lodo/tensor";
import { simulate } from "../../run/simulate.ts";
import type { Detail, JobContext } from "../experiment.ts";
import { preconditionerOf } from "../inverseErrorRecorder.ts";
import type { Row } from "../row.ts";
import { runTrial, type TrialResult } from "../trial.ts";
import type { SweepRuns, SweepTrial } from "./lodoSweep.ts";

export interface MixingResult extends TrialResult {
  /** After how many of G̃'s layers every input reaches every output; null if all of them do not suffice. */
  readonly layersToMix: number | null;
}

/** A trial of LODO, and how well its permutations mix. */
export function runMixingTrial(trial: SweepTrial, context: JobContext): MixingResult {
  return { ...runTrial(trial, context), layersToMix: context.untimed(() => layersToMixOf(trial)) };
}

/** Of the permutations that the trial draws. The entries of θ do not matter: a block counts as full. */
function layersToMixOf({ task: taskId, taskValues, name, values, seed }: SweepTrial): number | null {
  const run = { task: taskId, optimizer: name, seed, steps: 1, recordEvery: 1, checkpointEvery: 1 };
  const { task, optimizer } = simulate({ ...run, taskOptions: taskValues, hyperparameters: values });
  const G = preconditionerOf(task.dim, optimizer, values);
  return layersToMix(G.at(G.init(createRng(seed))));
}

/** The most layers that any of the runs took to mix; null if none did. */
export function mostLayersToMix(runs: SweepRuns<MixingResult>): number | null {
  const layers = runs.flatMap(({ result: { layersToMix: L } }) => (L === null ? [] : [L]));
  return layers.length === 0 ? null : Math.max(...layers);
}

/** How many layers mix, beside each row: the fewest and most over the seeds. */
export const mixingDetail = (rows: readonly Row[], runs: SweepRuns<MixingResult>): Detail => ({
  title: "layers to mix",
  cells: rows.map(({ column }) => {
    const layers = runs.flatMap(({ job, result }) => (job.column === column ? [result.layersToMix ?? Number.POSITIVE_INFINITY] : []));
    const [fewest, most] = [Math.min(...layers), Math.max(...layers)];
    if (!Number.isFinite(fewest)) return "more than there are";
    return fewest === most ? `${fewest}` : `${fewest} to ${Number.isFinite(most) ? most : "more than there are"}`;
  }),
});
