import type { DataIdentity } from "../../tasks/task.ts";
import type { Experiment, Preset, PresetName, Verdict } from "../experiment.ts";
import type { Estimate, Row } from "../row.ts";
import type { ImageRun, JudgedColumns } from "./imageRun.ts";
import type { LossCurves } from "./lossCurves.ts";
import type { ImageTrials } from "./trials.ts";

/** A table of optimizers that train a network on images, by steps or by the clock, with the figure of its training losses. */
export interface ImageTable extends Pick<Experiment, "id" | "title" | "reference" | "claim" | "memory"> {
  /** `image generation on MNIST`. */
  readonly subject: string;
  readonly presets: Readonly<Record<PresetName, Preset>>;
  readonly trials: ImageTrials;
  readonly columns: JudgedColumns;
  readonly curves: LossCurves;
  /** @throws DataError if they cannot be had. */
  data(): DataIdentity;
  /** The paper's number beside ours; null where it has none that we know, or none of runs like these. */
  paper(runs: readonly ImageRun[]): (name: string, column: string) => Estimate | null;
  verdict(rows: readonly Row[]): Verdict;
  /** What the numbers are and where the paper's stand. Which data they are of, and which runs ended early, is said of every table. */
  notes(runs: readonly ImageRun[]): readonly string[];
  /** What all runs are of, beside the optimizers' values. */
  budget(preset: Preset): string;
}
