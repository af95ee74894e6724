import { learningCurves } from "../plots/learningCurves.ts";
import type { Figure } from "./experiment.ts";
import { lossPanels, panelsInWords, stacked } from "./figure2Panels.ts";
import { tracked } from "./tracked.ts";
import type { Trial, TrialResult } from "./trial.ts";

/** Loss of every optimizer, and how far LODO's G is from the inverse Hessian. */
export const figure2: Figure<Trial, TrialResult> = {
  id: "figure-2",
  summary: "losses and inverse-Hessian error on the noisy quadratic bowl",
  caption: `Losses, averaged over windows of equal ratio: ${panelsInWords("above", "in the middle")}. Below: ‖I − G H‖_F / √n of LODO's preconditioner, estimated with 100 random unit vectors. Lines are means over seeds, bands reach from the least to the greatest run.`,
  alt(runs) {
    const seen = tracked(runs).filter(({ job }) => job.seed === 0);
    const ends = seen.map(({ job, result }) => `${job.name} ${result.curve.at(-1)?.loss.toPrecision(3) ?? "diverged"}`);
    const error = runs.find(({ result }) => result.inverseError)?.result.inverseError ?? [];
    return (
      `Three line charts over the number of steps. Losses at the end, first seed: ${ends.join(", ")}. ` +
      `LODO's inverse-Hessian error goes from ${error[0]?.error.toPrecision(3) ?? "?"} to ${error.at(-1)?.error.toPrecision(3) ?? "?"}.`
    );
  },
  spec(runs) {
    const T = runs[0]?.job.evaluations ?? 1;
    const x = { title: "steps (loss evaluations)", scale: "log", domain: [Math.min(100, T), T] } as const;
    const losses = tracked(runs).map(({ job, result }) => ({
      series: job.name,
      points: result.curve.map(({ step, loss }) => ({ x: step, y: loss })),
    }));
    const errors = runs.flatMap(({ job, result }) =>
      result.inverseError ? [{ series: job.name, points: result.inverseError.map(({ step, error }) => ({ x: step, y: error })) }] : [],
    );
    const error = learningCurves({
      curves: errors,
      x,
      y: { title: ["inverse-Hessian error of LODO", "‖I − G H‖ / √n (Frobenius)"] },
      height: 200,
      legend: false,
    });
    return stacked([...lossPanels(losses, x), error]);
  },
};
