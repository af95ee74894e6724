import { portable } from "@lodo/tensor";
import { groupBy } from "../../groupBy.ts";
import { sourceOf } from "../../tunedValues.ts";
import { defineExperiment, type Figure, type Preset, type RegisteredExperiment, type Verdict } from "../experiment.ts";
import { describeInterval, LEVEL, pairedDifference, type SeededScore } from "../pairedDifference.ts";
import type { Row } from "../row.ts";
import { runTrial, type TrialResult } from "../trial.ts";
import { meansAt, type SweepPoint, sweepJobs, sweepRows, sweepSettings } from "./lodoSweep.ts";
import { sweepFigure } from "./sweepFigure.ts";
import type { SweepRuns, SweepTrial, SweptTask } from "./sweptTask.ts";

/** How many decays there are. */
const count = 8;

/** From no momentum to β in equal ratios of 1 − β: β_j = 1 − (1 − β)^{j/7}, j = 0 … 7. */
export const momentumDecays = (β: number): readonly number[] =>
  Array.from({ length: count }, (_, j) => (j === count - 1 ? β : 1 - portable.pow(1 - β, j / (count - 1))));

/** The decays up to the one that was tuned, the paper's or ours. */
const pointsOf = (on: SweptTask, preset: Pick<Preset, "hyperparameters">): readonly SweepPoint[] =>
  momentumDecays(Number(on.values(preset)["beta"])).map((β) => ({
    column: `β = ${Number(β.toFixed(4))}`,
    at: β,
    values: { beta: β },
  }));

/** The decays that have runs, in their order, a job for each. */
const swept = (runs: SweepRuns): readonly SweepTrial[] =>
  groupBy(runs, ({ job }) => job.column)
    .flatMap(([run]) => run?.job ?? [])
    .sort((a, b) => a.at - b.at);

/** Does more momentum make for a lower loss, from each decay to the next, and in all beyond what seeds make for? */
function verdict(rows: readonly Row[], runs: SweepRuns): Verdict {
  const points = swept(runs);
  const losses = meansAt(rows, points);
  const scoresAt = (point: SweepTrial | undefined): readonly SeededScore[] =>
    runs.filter(({ job }) => job.column === point?.column).map(({ job: { seed }, result: { score } }) => ({ seed, score }));
  const gained = pairedDifference(scoresAt(points.at(-1)), scoresAt(points[0]));
  const [first, last] = [losses[0], losses.at(-1)];
  if (points.length < count || first == null || last == null || !gained)
    return { holds: false, words: "lodo has no result without momentum, at the tuned decay, or at one between." };
  const falls = losses.slice(1).filter((loss, i) => loss !== null && loss < (losses[i] ?? Number.NEGATIVE_INFINITY)).length;
  return {
    holds: gained.mean + gained.half < 0 && falls >= count - 2,
    words:
      `the mean loss goes from ${first.toPrecision(4)} without momentum to ${last.toPrecision(4)} at ${points.at(-1)?.column}, by ` +
      `${describeInterval(gained)} (${100 * LEVEL}%, paired by seed), and falls at ${falls} of the ${count - 1} steps between.`,
  };
}

/** Whose tuning found the last decay, and what it is. */
function tunedDecay(runs: SweepRuns): string {
  const last = swept(runs)[count - 1];
  if (last === undefined) return "the tuned one";
  return `${Number(last.at.toPrecision(4))}, ${sourceOf(last.task, last.values) === "ours" ? "found by lodo tune" : "that of Table 6"}`;
}

/** What Figure 5 is on a task, where it is not the paper's own. */
export interface MomentumFigure {
  readonly id: string;
  readonly reference: string;
  /** How it is related to the paper's figure: a sentence. */
  readonly note: string;
}

/** Figure 5: LODO at eight momentum decays from none to the tuned one. */
export function momentumSweep(on: SweptTask, { id, reference, note }: MomentumFigure): RegisteredExperiment {
  const figure: Figure<SweepTrial, TrialResult> = sweepFigure(on, {
    id,
    summary: `what LODO comes to ${on.where} against its momentum decay`,
    against: "against the momentum decay β",
    losses: "near",
    axis: { title: "momentum decay β" },
  });
  return defineExperiment<SweepTrial, TrialResult>({
    id: on.idOf("momentum-sweep"),
    title: on.titleOf("LODO's momentum"),
    summary: `LODO ${on.where} at eight momentum decays, as Figure 5 sweeps them`,
    reference,
    claim: "Up to the optimal decay rate, increasing the effect of momentum improves LODO.",
    presets: on.presets("momentum"),
    ...on.needs,
    jobs: (preset) => sweepJobs(on, pointsOf(on, preset), preset),
    run: runTrial,
    rows: sweepRows,
    details: on.details,
    verdict,
    notes: (rows, runs) => [
      note,
      `β_j = 1 − (1 − β)^{j/7} for j = 0 … 7, where β is ${tunedDecay(runs)}. All else stays at the values tuned with that β.`,
      "The verdict allows one of the seven steps to go the other way, as near an optimum the trend is flat, and asks for a fall from the first to the last " +
        `that is beyond its ${100 * LEVEL}% interval: with a single seed there is none.`,
      ...on.notes(rows, runs),
    ],
    settings: (preset) => sweepSettings(on, pointsOf(on, preset), preset),
    figures: [figure],
  });
}
