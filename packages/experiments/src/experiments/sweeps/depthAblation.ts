import { defineExperiment, type RegisteredExperiment, type Verdict } from "../experiment.ts";
import { newtonsLoss } from "../newtonsLoss.ts";
import type { Row } from "../row.ts";
import {
  errorDetail,
  meansAt,
  type SweepPoint,
  type SweepRuns,
  type SweepTrial,
  sweepJobs,
  sweepRows,
  sweepSettings,
} from "./lodoSweep.ts";
import { type MixingResult, mixingDetail, mostLayersToMix, runMixingTrial } from "./mixing.ts";
import { sweepFigure } from "./sweepFigure.ts";

const points: readonly SweepPoint[] = [0, 4, 8, 12, 16, 20, 24, 28].map((N) => ({ column: `N = ${N}`, at: N, values: { depth: N } }));

const papersDepth = 16;

/** How far behind the best depth the paper's may be: a fraction of the loss. */
const tolerance = 0.1;

const figure = sweepFigure<MixingResult>({
  id: "depth-losses",
  summary: "loss and inverse-Hessian error on the noisy quadratic bowl against LODO's depth",
  caption:
    "Above: loss, below: ‖I − G H‖_F / √n after the last step, against the number of layers N. Lines are means over seeds, bands reach from the least to the greatest run. Shaded: depths at which every input of G̃ reaches every output.",
  losses: "far",
  axis: { title: "depth N", domain: [0, 28], ticks: points.map(({ at }) => at) },
  shaded(runs) {
    const L = mostLayersToMix(runs);
    return L === null ? undefined : { from: L, to: 28, label: `mixed from ${L}` };
  },
});

/** Do the paper's 16 layers mix, learn, and come near the best depth? */
function verdict(rows: readonly Row[], runs: SweepRuns<MixingResult>): Verdict {
  const losses = meansAt(rows, points);
  const lossAt = (N: number): number | null => losses[points.findIndex(({ at }) => at === N)] ?? null;
  const [none, chosen, L] = [lossAt(0), lossAt(papersDepth), mostLayersToMix(runs)];
  if (none === null || chosen === null || L === null) return { holds: false, words: `lodo has no result at N = 0 or N = ${papersDepth}.` };
  const least = Math.min(...losses.flatMap((loss) => loss ?? []));
  return {
    holds: L <= papersDepth && chosen < none && chosen <= (1 + tolerance) * least,
    words:
      `every input reaches every output after ${L} layers (log_k ñ = 3.8); the loss is ${none.toPrecision(4)} without learning, ` +
      `${chosen.toPrecision(4)} at N = ${papersDepth} and the least ${least.toPrecision(4)} at ${points[losses.indexOf(least)]?.column}.`,
  };
}

/** How much LODO's depth matters: the bowl at N = 0, 4, …, 28. */
export const depthAblation: RegisteredExperiment = defineExperiment<SweepTrial, MixingResult>({
  id: "depth-ablation",
  title: "How deep LODO has to be",
  summary: "LODO on the noisy quadratic bowl at depths 0 to 28",
  reference: "Section 3, Section 5.1",
  claim:
    "The receptive field of output nodes grows exponentially with depth, so that log_k ñ layers let all inputs interact, and the depth is meant to be not much larger than that: the paper takes N = 16.",
  presets: { quick: { steps: 4000, seeds: 2 }, paper: { steps: 100_000, seeds: 8 } },
  jobs: (preset) => sweepJobs(points, preset),
  run: runMixingTrial,
  rows: sweepRows,
  details: (rows, runs) => [errorDetail(rows, runs), mixingDetail(rows, runs)],
  verdict,
  notes: (rows) => [
    "The paper has no table of this; its published code runs these depths. Blocks have side 4 throughout.",
    "N = 0 is G = α₀ I, which has nothing to learn: momentum's rule at a fixed rate.",
    `The optimum is ${newtonsLoss}. Deeper networks have more parameters, ñ k for each layer, and a step costs as much more.`,
    ...(rows.some(({ diverged }) => diverged > 0) ? ["Runs that diverged are counted, not averaged."] : []),
  ],
  settings: (preset) => sweepSettings(points, preset),
  figures: [figure],
});
