import type { Preset } from "../experiment.ts";
import type { ImageTrials } from "../images/trials.ts";
import { columns } from "./columns.ts";
import { imageClassificationValues } from "./values.ts";

/** The paper's budget, and one of minutes: an eighth of the width, for as long as the best takes to tell more than half of the test images right. */
export const presets: Readonly<Record<"quick" | "paper", Preset>> = {
  quick: { steps: 800, seeds: 2, batch: 64, width: 8 },
  paper: { steps: 3000, seeds: 8, batch: 2048, width: 64 },
};

export const trials: ImageTrials = {
  names: ["lodo", "yogi", "adam", "rmsprop", "lars", "momentum"],
  column: columns.training,
  values: imageClassificationValues,
  taskValues: ({ batch, width }) => ({ ...(batch === undefined ? {} : { batch }), ...(width === undefined ? {} : { width }) }),
  paperSteps: presets.paper.steps,
  largest: "lodo",
};
