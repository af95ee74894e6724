import { formatCount } from "../../report/format.ts";
import type { Preset } from "../experiment.ts";
import type { ImageRun } from "../images/imageRun.ts";
import { presets } from "./presets.ts";

const { batch: paperBatch = 2048, width: paperWidth = 64 } = presets.paper;

/** What the numbers are, and where they differ from the paper's. */
export function notes(runs: readonly ImageRun[]): readonly string[] {
  const [first] = runs;
  const { batch = paperBatch, width = paperWidth } = first?.job.taskValues ?? {};
  const smaller = batch !== paperBatch || width !== paperWidth;
  return [
    "Losses are in nats an image. The training loss is the mean over evaluations i with 0.9 T < i < T, with the penalty 10⁻⁴ ‖x‖² in it; test loss is without. " +
      "Test accuracy is the share of test images whose own class has the largest logit. Both are of the last x, with the network's statistics " +
      "re-estimated for it on training images, the same ones for every run. ± is the deviation over seeds; the standard error is that of the test images " +
      "drawn, and 0 where every one was taken.",
    "The numbers in the paper's Table 4 are not known to us, and none stands beside ours.",
    ...(smaller
      ? [
          `The paper trains ResNet-18, of width ${paperWidth}, on batches of ${formatCount(paperBatch)}; here the network has width ${width} and the batch is ${batch}. ` +
            "Table 6 was tuned for the paper's.",
        ]
      : []),
    "Images of a batch are drawn with replacement, so there are no epochs; the paper does not say how it draws them.",
    "RMSprop's learning rate and LARS's weight decay in Table 6 are not known to us: ours are round numbers, and these two rows say as much about them, " +
      "as does the half of the claim that is about RMSprop.",
    "The paper leaves out the kin of BFGS, which it says cannot be run on a task of this size; none is run here.",
  ];
}

/** What all runs are of, beside the optimizers' values. */
export const budget = ({ batch = paperBatch, width = paperWidth, judgedBy }: Preset): string =>
  `batch = ${batch}, width = ${width}, judged by ${judgedBy === undefined ? "every test image" : `${formatCount(judgedBy)} test images drawn`}`;
