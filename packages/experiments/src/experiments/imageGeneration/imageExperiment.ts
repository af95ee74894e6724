import { identifiedImages } from "../../tasks/imageGeneration/images.ts";
import type { RegisteredExperiment } from "../experiment.ts";
import { imageExperiment } from "../images/imageExperiment.ts";
import type { JudgedColumns } from "../images/imageRun.ts";
import type { LossCurves } from "../images/lossCurves.ts";
import { columnsOn, type ImageComparison, type ImageData, idOn, type Judged, titleOf } from "./comparison.ts";
import { budget, imageNotes, paperEstimate } from "./findings.ts";
import { presets, trialsOn } from "./trials.ts";

export const judgedColumnsOn = (data: ImageData): JudgedColumns => {
  const { training, validation, test } = columnsOn(data);
  return { training, judged: { [validation]: "validation loss", [test]: "test loss" } };
};

/** A fresh network loses a little more than 7 nats; the paper ends at 0.67. A loss of few pixels may lie anywhere. */
const range = [0.5, 8] as const;

export const curvesOn = (figure: string, data: ImageData): LossCurves => ({
  id: idOn(figure, data),
  of: `the image generator on ${titleOf(data)}`,
  on: titleOf(data),
  range,
  guessing: { y: 5.545, label: "all levels alike, ln 256" },
});

/** A table of Section 5.3 on one of the data sets. */
export const imageGenerationTable = (comparison: ImageComparison, verdict: Judged, data: ImageData): RegisteredExperiment =>
  imageExperiment({
    id: idOn(comparison.table, data),
    title: `${comparison.title} on ${titleOf(data)}`,
    // "Image generation", and "LODO's ablations"
    subject: `${comparison.title.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase())} on ${titleOf(data)}`,
    reference: comparison.reference,
    claim: comparison.claim,
    presets,
    trials: trialsOn(comparison, data),
    columns: judgedColumnsOn(data),
    curves: curvesOn(comparison.figure, data),
    data: () => identifiedImages(data).data,
    paper: (runs) => paperEstimate(comparison, data, runs),
    verdict: (rows) => verdict(rows, data),
    notes: (runs) => imageNotes(comparison, data, runs),
    budget,
  });
