import { hiddenWidth } from "@lodo/preconditioner";
import { portable } from "@lodo/tensor";
import { formatCount } from "../../report/format.ts";
import type { Figure, RegisteredExperiment, Verdict } from "../experiment.ts";
import type { Row } from "../row.ts";
import { meansAt, type SweepPoint } from "./lodoSweep.ts";
import { followedInputs, type MixingResult, mostLayersToMix } from "./mixing.ts";
import { mixingAblation, tolerance } from "./mixingAblation.ts";
import { sweepFigure } from "./sweepFigure.ts";
import type { SweepRuns, SweepTrial, SweptTask } from "./sweptTask.ts";

const points: readonly SweepPoint[] = [0, 4, 8, 12, 16, 20, 24, 28].map((N) => ({ column: `N = ${N}`, at: N, values: { depth: N } }));

const papersDepth = 16;

const figure = (on: SweptTask): Figure<SweepTrial, MixingResult> =>
  sweepFigure(on, {
    id: on.idOf("depth-losses"),
    summary: `what LODO comes to ${on.where} against its depth`,
    against: "against the number of layers N",
    remark: "Shaded: depths at which every input of G̃ reaches every output.",
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
      `${followedInputs(runs)} reaches every output after ${L} layers; the loss is ${none.toPrecision(4)} without learning, ` +
      `${chosen.toPrecision(4)} at N = ${papersDepth} and the least ${least.toPrecision(4)} at ${points[losses.indexOf(least)]?.column}.`,
  };
}

/** How much LODO's depth matters: N = 0, 4, …, 28. */
export function depthAblation(on: SweptTask): RegisteredExperiment {
  const ñ = hiddenWidth(on.dim, 4);
  return mixingAblation(on, {
    id: on.idOf("depth-ablation"),
    title: on.titleOf("How deep LODO has to be"),
    summary: `LODO ${on.where} at depths 0 to 28`,
    claim:
      "The receptive field of output nodes grows exponentially with depth, so that log_k ñ layers let all inputs interact, and the depth is meant to be not much larger than that: the paper takes N = 16.",
    swept: "depth",
    points,
    verdict,
    notes: (rows) => [
      "The paper has no table of this; its published code runs these depths. Blocks have side 4 throughout.",
      `log_k ñ = ${(portable.log(ñ) / portable.log(4)).toFixed(1)}, where ñ = ${formatCount(ñ)}.`,
      "N = 0 is G = α₀ I, which has nothing to learn: momentum's rule at a fixed rate.",
      "Deeper networks have more parameters, ñ k for each layer, and a step costs as much more.",
      ...(rows.some(({ diverged }) => diverged > 0) ? ["Runs that diverged are counted, not averaged."] : []),
    ],
    figures: [figure(on)],
  });
}
