import type { Values } from "../../tunedValues.ts";
import type { Preset } from "../experiment.ts";
import type { ImageTrials } from "../images/trials.ts";
import { columnsOn, type ImageComparison, type ImageData } from "./comparison.ts";
import { imageGenerationValues } from "./values.ts";

/** The paper's budget, and one of a few minutes. */
export const presets: Readonly<Record<"quick" | "paper", Preset>> = {
  quick: { steps: 150, seeds: 2, batch: 16, judgedBy: 1024 },
  paper: { steps: 300_000, seeds: 8, batch: 256 },
};

/** The task's options at a preset. */
export const taskValuesOn = (data: ImageData, { batch }: Preset): Values => ({ data, ...(batch === undefined ? {} : { batch }) });

/** Every optimizer of the comparison on one of the data sets. */
export const trialsOn = ({ names }: ImageComparison, data: ImageData): ImageTrials => ({
  names,
  column: columnsOn(data).training,
  values: imageGenerationValues,
  taskValues: (preset) => taskValuesOn(data, preset),
  paperSteps: presets.paper.steps,
});
