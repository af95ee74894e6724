import { type AxisOptions, learningCurves } from "../../plots/learningCurves.ts";
import type { Figure, RegisteredExperiment, Verdict } from "../experiment.ts";
import type { Row } from "../row.ts";
import { meansAt, type SweepPoint } from "./lodoSweep.ts";
import { followedInputs, type MixingResult } from "./mixing.ts";
import { mixingAblation, tolerance } from "./mixingAblation.ts";
import { curvesOf, sweepFigure } from "./sweepFigure.ts";
import type { SweepRuns, SweepTrial, SweptTask } from "./sweptTask.ts";

/** N = ⌊64/k⌋: about the same number of parameters, 64 ñ, at every block size. */
const points: readonly SweepPoint[] = [2, 3, 4, 5, 6, 7, 8, 9].map((k) => {
  const N = Math.floor(64 / k);
  return { column: `k = ${k}, N = ${N}`, at: k, values: { blockSize: k, depth: N } };
});

const papersSize = 4;

const axis: AxisOptions = { title: "block size k", domain: [2, 9], ticks: points.map(({ at }) => at) };

const figure = (on: SweptTask): Figure<SweepTrial, MixingResult> =>
  sweepFigure(on, {
    id: on.idOf("block-size-losses"),
    summary: `what LODO comes to ${on.where} against its block size`,
    against: "against the side k of a block",
    losses: "near",
    axis,
    below: {
      shows: "the layers N = ⌊64/k⌋ and how many of them it takes until every input of G̃ reaches every output",
      view: (runs) =>
        learningCurves({
          curves: [
            { series: "all, N = ⌊64/k⌋", points: points.map(({ at, values }) => ({ x: at, y: Number(values["depth"]) })) },
            ...curvesOf(runs, ({ layersToMix }) => layersToMix, "until mixed"),
          ],
          x: axis,
          y: { title: "layers", domain: [0, 32] },
          points: true,
          height: 120,
        }),
    },
  });

/** Do all sizes mix within their layers, and is the paper's among the best? */
function verdict(rows: readonly Row[], runs: SweepRuns<MixingResult>): Verdict {
  const losses = meansAt(rows, points);
  const known = losses.flatMap((loss) => (loss === null ? [] : [loss]));
  const chosen = losses[points.findIndex(({ at }) => at === papersSize)];
  if (chosen == null) return { holds: false, words: `lodo has no result at k = ${papersSize}.` };
  const least = Math.min(...known);
  const mixed = runs.length > 0 && runs.every(({ result }) => result.layersToMix !== null);
  return {
    holds: mixed && known.length === points.length && chosen <= (1 + tolerance) * least,
    words:
      `the loss at k = ${papersSize} is ${chosen.toPrecision(4)}, the least ${least.toPrecision(4)} at ${points[losses.indexOf(least)]?.column}, the ` +
      `greatest ${Math.max(...known).toPrecision(4)}; ${mixed ? `at every size ${followedInputs(runs)} reaches every output` : "at some sizes an input does not reach every output"}.`,
  };
}

/** How much the block size matters: k = 2 … 9 with as many parameters at each. */
export const blockSizeAblation = (on: SweptTask): RegisteredExperiment =>
  mixingAblation(on, {
    id: on.idOf("block-size-ablation"),
    title: on.titleOf("How large LODO's blocks have to be"),
    summary: `LODO ${on.where} at block sizes 2 to 9, with as many parameters at each`,
    claim: "Every block is of size k × k for some chosen k, for which the paper takes 4; log_k ñ layers let all inputs interact.",
    swept: "block size",
    points,
    verdict,
    notes: () => [
      "The paper has no table of this; its published code runs these sizes, with N = ⌊64/k⌋ layers. θ has N ñ k numbers, at most 64 ñ.",
      "The hidden width ñ is the least multiple of k above 2n, and so differs a little from size to size.",
    ],
    figures: [figure(on)],
  });
