import { learningCurves, type View } from "../../plots/learningCurves.ts";
import type { Figure } from "../experiment.ts";
import { continuations } from "./continuations.ts";
import type { PretrainedRuns } from "./findings.ts";
import type { PretrainedResult, PretrainedTrial } from "./trainAndGoOn.ts";

/** How many steps are drawn. */
const steps = 20;

/** The first losses after the training, with θ frozen and learning on. */
export const frozenLosses: Figure<PretrainedTrial, PretrainedResult> = {
  id: "frozen-losses",
  summary: "losses after the training, on a new bowl and on the same",
  caption:
    "Loss in the first steps after the training: above with θ frozen, below with LODO learning on. Lines are means over seeds, bands reach from the least to the greatest run.",
  alt(runs) {
    const [first] = runs;
    const said = first?.result.continued.map(({ column, losses }) => `${column} ${losses.slice(0, 10).at(-1)?.toPrecision(2)}`) ?? [];
    return `Two line charts of loss against steps after training lodo. Losses at step 10, first seed: ${said.join("; ")}.`;
  },
  spec: (runs) => ({
    vconcat: [panel(runs, false, "loss, θ frozen"), panel(runs, true, "loss, learning on")],
    spacing: 24,
  }),
};

function panel(runs: PretrainedRuns, learning: boolean, title: string): View {
  const shown = continuations.filter((continuation) => continuation.learning === learning);
  return learningCurves({
    curves: shown.flatMap(({ column, bowl }) =>
      runs.flatMap(({ result }) =>
        result.continued
          .filter((each) => each.column === column)
          .map(({ losses }) => ({ series: `${bowl} bowl`, points: losses.slice(0, steps).map((y, i) => ({ x: i + 1, y })) })),
      ),
    ),
    x: { title: "steps after the training", domain: [1, steps] },
    y: { title, scale: "log" },
    height: 220,
    points: true,
  });
}
