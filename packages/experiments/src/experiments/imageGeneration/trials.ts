import type { Preset } from "../experiment.ts";
import type { ImageTrials } from "../images/trials.ts";
import { columnsOn, type ImageComparison, type ImageData } from "./comparison.ts";
import { imageGenerationValues } from "./values.ts";

/** The paper's budget, and one of a few minutes. */
export const presets: Readonly<Record<"quick" | "paper", Preset>> = {
  quick: { steps: 150, seeds: 2, batch: 16, judgedBy: 1024 },
  paper: { steps: 300_000, seeds: 8, batch: 256 },
};

/** Every optimizer of the comparison on one of the data sets. */
export const trialsOn = ({ names }: ImageComparison, data: ImageData): ImageTrials => ({
  names,
  column: columnsOn(data).training,
  values: imageGenerationValues,
  taskValues: ({ batch }) => ({ data, ...(batch === undefined ? {} : { batch }) }),
  paperSteps: presets.paper.steps,
});
