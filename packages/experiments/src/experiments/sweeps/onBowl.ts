import { tunedValues } from "../../tunedValues.ts";
import { lastInverseError, lastInverseErrors } from "../lastInverseError.ts";
import { lossAxis, optimum } from "../lossAxis.ts";
import { newtonsLoss } from "../newtonsLoss.ts";
import { trialSettings } from "../trialSettings.ts";
import type { SweptTask } from "./sweptTask.ts";

const task = "noisy-quadratic-bowl";

const lossTitle = "loss (mean over 0.9 T < i < T)";

/** Sweeps on the noisy quadratic bowl: loss, and how far G is from the inverse Hessian. */
export const onBowl: SweptTask = {
  task,
  dim: 100,
  where: "on the noisy quadratic bowl",
  section: "Section 5.1",
  idOf: (id) => id,
  titleOf: (title) => title,
  needs: {},
  presets: (swept) => ({ quick: { steps: swept === "momentum" ? 5000 : 4000, seeds: 2 }, paper: { steps: 100_000, seeds: 8 } }),
  taskValues: () => ({}),
  values: ({ hyperparameters }) => tunedValues(task, "lodo", hyperparameters),
  settings: ({ hyperparameters }) =>
    trialSettings([{ name: "lodo", column: "", task, values: tunedValues(task, "lodo", hyperparameters) }], [""]),
  record: () => ({ inverseError: { spacing: "linear", count: 1 } }),
  details: (rows, runs) => [lastInverseErrors(rows, runs)],
  panels: [
    {
      shows: "loss",
      series: { lodo: ({ score }) => score },
      y(runs, losses) {
        const known = runs.flatMap(({ result: { score } }) => score ?? []);
        return losses === "far" ? lossAxis(lossTitle, known) : { title: lossTitle };
      },
      level: (losses) => (losses === "far" ? optimum : undefined),
      height: 240,
    },
    {
      shows: "‖I − G H‖_F / √n after the last step",
      series: { lodo: lastInverseError },
      y: () => ({ title: ["inverse-Hessian error", "‖I − G H‖ / √n (Frobenius)"] }),
      height: 160,
    },
  ],
  caveats: () => [],
  notes: () => [`The optimum is ${newtonsLoss}.`],
};
