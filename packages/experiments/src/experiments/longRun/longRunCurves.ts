import { learningCurves } from "../../plots/learningCurves.ts";
import { windowEnds } from "../../windows.ts";
import type { Figure } from "../experiment.ts";
import { lossAxis, optimum } from "../lossAxis.ts";
import type { Trial, TrialResult } from "../trial.ts";
import { firstHorizon, joined } from "./horizons.ts";

/** Loss and inverse-Hessian error over the last two decades of the run. */
export const longRunCurves: Figure<Trial, TrialResult> = {
  id: "long-run-curves",
  summary: "LODO's loss and inverse-Hessian error in the long run",
  caption:
    "Above: loss, averaged over windows of equal ratio. Below: ‖I − G H‖_F / √n, estimated with 100 random unit vectors. Lines are means over seeds, bands reach from the least to the greatest run.",
  alt(runs) {
    const [first] = runs;
    const error = first?.result.inverseError?.at(-1)?.error.toPrecision(3) ?? "unknown";
    return `Two line charts over the number of steps. At the end, first seed: loss of lodo ${first?.result.score?.toPrecision(3) ?? "unknown"}, inverse-Hessian error ${error}.`;
  },
  spec(runs) {
    const T = runs[0]?.job.evaluations ?? 1;
    const x = { title: "steps (loss evaluations)", scale: "log", domain: [firstHorizon(T), T] } as const;
    const ends = windowEnds(T, { spacing: "log", count: 120 });
    const curves = runs.map(({ job, result: { curve = [] } }) => ({
      series: job.name,
      points: joined(curve, ends).flatMap(({ step, loss }) => (step < x.domain[0] ? [] : [{ x: step, y: loss }])),
    }));
    return {
      vconcat: [
        learningCurves({
          curves,
          x,
          y: lossAxis(
            "loss (mean over a window)",
            curves.flatMap(({ points }) => points.map(({ y }) => y)),
            "linear",
          ),
          level: optimum,
          height: 260,
          legend: false,
        }),
        learningCurves({
          curves: runs.map(({ job, result: { inverseError = [] } }) => ({
            series: job.name,
            points: inverseError.map(({ step, error }) => ({ x: step, y: error })),
          })),
          x,
          y: { title: ["inverse-Hessian error", "‖I − G H‖ / √n (Frobenius)"] },
          height: 200,
          legend: false,
        }),
      ],
      spacing: 24,
    };
  },
};
