import { layersToMix } from "@lodo/preconditioner";
import type { Tensor } from "@lodo/tensor";
import { formatCount } from "../../report/format.ts";
import { type Simulation, simulate } from "../../run/simulate.ts";
import type { Values } from "../../tunedValues.ts";
import type { Detail, JobContext } from "../experiment.ts";
import { preconditionerOf } from "../inverseErrorRecorder.ts";
import type { Row } from "../row.ts";
import { configurationOf, type TrialResult, trialOf } from "../trial.ts";
import type { SweepRuns, SweepTrial } from "./sweptTask.ts";

export interface MixingResult extends TrialResult {
  /** After how many of G̃'s layers every input that was followed reaches every output; null if all of them do not suffice. */
  readonly layersToMix: number | null;
  /** How many inputs were followed, where that is not all of them. */
  readonly followed?: number;
}

/** To follow all of the 94 696 inputs of an image network would take half a minute a run. */
const most = 1024;

/** A trial of LODO, and how well its permutations mix. */
export function runMixingTrial(trial: SweepTrial, context: JobContext): MixingResult {
  const simulation = simulate(configurationOf(trial, trial.evaluations));
  // Here, where θ is still alive.
  const mixing = context.untimed(() => mixingOf(simulation, trial.values));
  return { ...trialOf(simulation, trial, context), ...mixing };
}

/** Of the permutations that the trial draws. The entries of θ do not matter: a block counts as full. */
function mixingOf({ task: { dim }, optimizer, start }: Simulation, values: Values): Pick<MixingResult, "layersToMix" | "followed"> {
  const { theta } = start.optimizer as { readonly theta: Tensor };
  const inputs = Math.min(dim, most);
  const layers = layersToMix(preconditionerOf(dim, optimizer, values).at(theta), { inputs });
  return { layersToMix: layers, ...(inputs < dim ? { followed: inputs } : {}) };
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

/** Who was followed, as the subject of what is said of them: "every input", or "each of the first 1 024 inputs". */
export function followedInputs(runs: SweepRuns<MixingResult>): string {
  const first = fewestFollowed(runs);
  return first === null ? "every input" : `each of the first ${formatCount(first)} inputs`;
}

/** Where not every input was followed, that all of them might take longer. */
export function mixingNotes(runs: SweepRuns<MixingResult>): readonly string[] {
  const first = fewestFollowed(runs);
  if (first === null) return [];
  return [
    `Layers to mix are those that the first ${formatCount(first)} inputs take to reach every output; all of them can take a layer more.`,
  ];
}

/** null if all were. */
function fewestFollowed(runs: SweepRuns<MixingResult>): number | null {
  const followed = runs.flatMap(({ result }) => result.followed ?? []);
  return followed.length === 0 ? null : Math.min(...followed);
}
