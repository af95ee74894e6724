import { formatCount, formatEstimate } from "../../report/format.ts";
import { identifiedImages } from "../../tasks/imageGeneration/images.ts";
import { earlyEnds } from "../earlyEnds.ts";
import { columnsOn, type ImageData, idOn, titleOf } from "../imageGeneration/comparison.ts";
import { budget } from "../imageGeneration/findings.ts";
import { presets, taskValuesOn } from "../imageGeneration/trials.ts";
import { imageGenerationValues } from "../imageGeneration/values.ts";
import { measuredOn, metricOf } from "../images/imageRun.ts";
import { samplingOf } from "../images/trials.ts";
import { valueSettings, valuesOf } from "../images/values.ts";
import { summarize } from "../row.ts";
import type { TrialResult } from "../trial.ts";
import type { SweepRuns, SweepTrial, SweptTask } from "./sweptTask.ts";

const metric =
  (name: string) =>
  (result: TrialResult): number | null =>
    metricOf(result, name)?.mean ?? null;

/** How far the meta-optimizer can take an entry of θ, roughly: steps of Adam are about as long as its rate at most. */
const reach = ({ evaluations, values }: SweepTrial): number => evaluations * Number(values["metaLearningRate"]);

/** What is too little of that for G to be much else than α₀ I. */
const little = 0.1;

function caveats(runs: SweepRuns): readonly string[] {
  const moved = Math.max(0, ...runs.map(({ job }) => reach(job)));
  if (moved === 0 || moved >= little) return [];
  return [
    `In ${formatCount(runs[0]?.job.evaluations ?? 0)} steps the meta-optimizer moves an entry of θ by about ${moved.toPrecision(2)} at most: ` +
      "G is near α₀ I still, and little of what differs was learned.",
  ];
}

/** Sweeps on the image generator: training loss, and what the last x comes to on images that it was not trained on. */
export function onImages(data: ImageData): SweptTask {
  const columns = columnsOn(data);
  return {
    task: imageGenerationValues.task,
    dim: 94_696,
    where: `in image generation on ${titleOf(data)}`,
    section: "Section 5.3",
    idOf: (id) => idOn(`image-${id}`, data),
    titleOf: (title) => `${title} on ${titleOf(data)}`,
    // 28 layers take 0.9 GiB.
    needs: { dtype: "float32", memory: 2 ** 31, data: () => identifiedImages(data).data },
    presets: () => presets,
    taskValues: (preset) => taskValuesOn(data, preset),
    values: ({ hyperparameters }) => valuesOf(imageGenerationValues, "lodo", hyperparameters),
    settings: (preset) => [
      ...valueSettings(imageGenerationValues, ["lodo"], preset.hyperparameters),
      { name: "all", value: budget(preset) },
    ],
    record: (preset) => ({ judgedBy: samplingOf(preset) }),
    details: (rows, runs) =>
      (["validation", "test"] as const).map((which) => ({
        title: columns[which],
        cells: rows.map(({ column }) =>
          formatEstimate(
            summarize(runs.flatMap(({ job, result }) => (job.column === column ? (metric(`${which} loss`)(result) ?? []) : []))),
          ),
        ),
      })),
    panels: [
      {
        shows: `training loss on ${titleOf(data)} over 0.9 T < i < T and test loss of the last x`,
        series: { training: ({ score }) => score, test: metric("test loss") },
        y: () => ({ title: `loss on ${titleOf(data)} (nats a pixel)` }),
        height: 280,
      },
    ],
    caveats,
    notes: (_, runs) => [
      ...measuredOn(runs),
      "Losses are in nats a pixel; ours is the training loss, the mean over evaluations i with 0.9 T < i < T. Runs of one seed begin at the same x and see " +
        "the same pixels at every setting; ± is the deviation over seeds.",
      ...caveats(runs),
      ...earlyEnds(runs),
    ],
  };
}
