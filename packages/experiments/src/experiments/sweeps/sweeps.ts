import type { RegisteredExperiment } from "../experiment.ts";
import { type ImageData, idOn } from "../imageGeneration/comparison.ts";
import { blockSizeAblation } from "./blockSizeAblation.ts";
import { depthAblation } from "./depthAblation.ts";
import { momentumSweep } from "./momentumSweep.ts";
import { onBowl } from "./onBowl.ts";
import { onImages } from "./onImages.ts";

/** What of LODO is swept on the noisy quadratic bowl. */
export const bowlSweeps: readonly RegisteredExperiment[] = [
  depthAblation(onBowl),
  blockSizeAblation(onBowl),
  momentumSweep(onBowl, {
    id: "figure-5-bowl",
    reference: "Section 5.3.3, Section 5.1, Figure 5",
    note:
      "The paper's Figure 5 is of image generation, with one run at each decay; this is the same sweep, of LODO alone as there, on the noisy quadratic bowl, " +
      "on which far less momentum serves than on images.",
  }),
];

/** The same on images, where the paper has Figure 5. */
export function imageSweeps(data: ImageData): readonly RegisteredExperiment[] {
  const on = onImages(data);
  return [
    momentumSweep(on, {
      id: idOn("figure-5", data),
      reference: "Section 5.3.3, Figure 5",
      note: "The paper has one run at each decay, and no numbers beside its figure.",
    }),
    depthAblation(on),
    blockSizeAblation(on),
  ];
}
