import { portable } from "@lodo/tensor";
import { groupBy } from "../../groupBy.ts";
import { sourceOf, tunedValues } from "../../tunedValues.ts";
import { defineExperiment, type Preset, type RegisteredExperiment, type Verdict } from "../experiment.ts";
import type { Row } from "../row.ts";
import { runTrial, type TrialResult } from "../trial.ts";
import {
  errorDetail,
  meansAt,
  type SweepPoint,
  type SweepRuns,
  type SweepTrial,
  sweepJobs,
  sweepRows,
  sweepSettings,
  sweptTask,
} from "./lodoSweep.ts";
import { sweepFigure } from "./sweepFigure.ts";

/** How many decays there are. */
const count = 8;

/** From no momentum to β in equal ratios of 1 − β: β_j = 1 − (1 − β)^{j/7}, j = 0 … 7. */
export const momentumDecays = (β: number): readonly number[] =>
  Array.from({ length: count }, (_, j) => (j === count - 1 ? β : 1 - portable.pow(1 - β, j / (count - 1))));

/** The decays up to the one that was tuned, the paper's or ours. */
const pointsOf = ({ hyperparameters }: Pick<Preset, "hyperparameters">): readonly SweepPoint[] =>
  momentumDecays(Number(tunedValues(sweptTask, "lodo", hyperparameters)["beta"])).map((β) => ({
    column: `β = ${Number(β.toFixed(4))}`,
    at: β,
    values: { beta: β },
  }));

/** The decays that have runs, in their order, a job for each. */
const swept = (runs: SweepRuns): readonly SweepTrial[] =>
  groupBy(runs, ({ job }) => job.column)
    .flatMap(([run]) => run?.job ?? [])
    .sort((a, b) => a.at - b.at);

const figure = sweepFigure<TrialResult>({
  id: "figure-5-bowl",
  summary: "loss and inverse-Hessian error on the noisy quadratic bowl against LODO's momentum decay",
  caption:
    "Figure 5 on the bowl. Above: loss, below: ‖I − G H‖_F / √n after the last step, against the momentum decay β. Lines are means over seeds, bands reach from the least to the greatest run.",
  losses: "near",
  axis: { title: "momentum decay β" },
});

/** Does more momentum make for a lower loss, from each decay to the next? */
function verdict(rows: readonly Row[], runs: SweepRuns): Verdict {
  const points = swept(runs);
  const losses = meansAt(rows, points);
  const [first, last] = [losses[0], losses.at(-1)];
  if (points.length < count || first == null || last == null)
    return { holds: false, words: "lodo has no result without momentum, at the tuned decay, or at one between." };
  const falls = losses.slice(1).filter((loss, i) => loss !== null && loss < (losses[i] ?? Number.NEGATIVE_INFINITY)).length;
  return {
    holds: last < first && falls >= count - 2,
    words:
      `the mean loss goes from ${first.toPrecision(4)} without momentum to ${last.toPrecision(4)} at ${points.at(-1)?.column}, and falls at ${falls} of the ` +
      `${count - 1} steps between.`,
  };
}

/** Whose tuning found the last decay, and what it is. */
function tunedDecay(runs: SweepRuns): string {
  const last = swept(runs)[count - 1];
  if (last === undefined) return "the tuned one";
  return `${Number(last.at.toPrecision(4))}, ${sourceOf(sweptTask, last.values) === "ours" ? "found by lodo tune" : "that of Table 6"}`;
}

/** Figure 5 on the bowl: LODO at eight momentum decays from none to the tuned one. */
export const momentumSweep: RegisteredExperiment = defineExperiment<SweepTrial, TrialResult>({
  id: "momentum-sweep",
  title: "LODO's momentum on the bowl",
  summary: "LODO on the noisy quadratic bowl at eight momentum decays, as Figure 5 sweeps them",
  reference: "Section 5.3.3, Section 5.1, Figure 5",
  claim: "Up to the optimal decay rate, increasing the effect of momentum improves LODO.",
  presets: { quick: { steps: 5000, seeds: 2 }, paper: { steps: 100_000, seeds: 8 } },
  jobs: (preset) => sweepJobs(pointsOf(preset), preset),
  run: runTrial,
  rows: sweepRows,
  details: (rows, runs) => [errorDetail(rows, runs)],
  verdict,
  notes: (_, runs) => [
    "The paper's Figure 5 is of image generation, with one run at each decay; this is the same sweep, of LODO alone as there, on the noisy quadratic bowl.",
    `β_j = 1 − (1 − β)^{j/7} for j = 0 … 7, where β is ${tunedDecay(runs)}: on the bowl far less momentum serves than on images. All else stays at the ` +
      "values tuned with that β.",
    "The verdict allows one of the seven steps to go the other way: near an optimum the trend is flat.",
  ],
  settings: (preset) => sweepSettings(pointsOf(preset), preset),
  figures: [figure],
});
