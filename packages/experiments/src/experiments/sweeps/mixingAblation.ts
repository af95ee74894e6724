import { defineExperiment, type Experiment, type RegisteredExperiment, type Verdict } from "../experiment.ts";
import type { Row } from "../row.ts";
import { type SweepPoint, sweepJobs, sweepRows, sweepSettings } from "./lodoSweep.ts";
import { type MixingResult, mixingDetail, mixingNotes, runMixingTrial } from "./mixing.ts";
import type { SweepRuns, SweepTrial, Swept, SweptTask } from "./sweptTask.ts";

/** How far behind the best setting the paper's may be: a fraction of its loss. */
export const tolerance = 0.1;

/** What an ablation says for itself. */
export interface MixingAblation extends Pick<Experiment<SweepTrial, MixingResult>, "id" | "title" | "summary" | "claim" | "figures"> {
  readonly swept: Swept;
  readonly points: readonly SweepPoint[];
  /** What of the claim the numbers bear out, but for the task's caveats: with one of them they bear out nothing, and the words end with them. */
  verdict(rows: readonly Row[], runs: SweepRuns<MixingResult>): Verdict;
  notes(rows: readonly Row[]): readonly string[];
}

/** An ablation of LODO by a setting that decides after how many layers all inputs have met. */
export const mixingAblation = (on: SweptTask, { swept, points, verdict, notes, ...words }: MixingAblation): RegisteredExperiment =>
  defineExperiment<SweepTrial, MixingResult>({
    ...words,
    reference: `Section 3, ${on.section}`,
    presets: on.presets(swept),
    ...on.needs,
    jobs: (preset) => sweepJobs(on, points, preset),
    run: runMixingTrial,
    rows: sweepRows,
    details: (rows, runs) => [...on.details(rows, runs), mixingDetail(rows, runs)],
    verdict: (rows, runs) => withCaveats(verdict(rows, runs), on.caveats(runs)),
    notes: (rows, runs) => [...notes(rows), ...mixingNotes(runs), ...on.notes(rows, runs)],
    settings: (preset) => sweepSettings(on, points, preset),
  });

const withCaveats = ({ holds, words }: Verdict, caveats: readonly string[]): Verdict => ({
  holds: holds && caveats.length === 0,
  words: [words, ...caveats].join(" "),
});
