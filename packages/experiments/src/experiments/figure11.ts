import { learningCurves } from "../plots/learningCurves.ts";
import { scoreWindow } from "../windows.ts";
import type { Figure, Run } from "./experiment.ts";
import { tracked } from "./tracked.ts";
import type { Trial, TrialResult } from "./trial.ts";

/** Loss of every optimizer at each of the 200 evaluations. */
export const figure11: Figure<Trial, TrialResult> = {
  id: "figure-11",
  summary: "learning curves on Rosenbrock's function",
  caption:
    "Loss at each evaluation (logarithmic). Lines are means over seeds, bands reach from the least to the greatest run; only LODO differs from seed to seed. Shaded: the evaluations whose mean Table 8 reports.",
  alt(runs) {
    const ends = tracked(runs).map(({ job, result }) => `${job.name} ${result.curve.at(-1)?.loss.toPrecision(2) ?? "diverged"}`);
    return `Line chart of loss against evaluation. Last loss of the first seed: ${ends.filter((_, i) => tracked(runs)[i]?.job.seed === 0).join(", ")}.`;
  },
  spec(runs: readonly Run<Trial, TrialResult>[]) {
    const curves = tracked(runs).map(({ job, result }) => ({
      series: job.name,
      points: result.curve.map(({ step, loss }) => ({ x: step, y: loss })),
    }));
    const [from, to] = scoreWindow(runs[0]?.job.evaluations ?? 200);
    return learningCurves({
      curves,
      x: { title: "loss evaluations" },
      y: { title: "loss f(x, y)", scale: "log" },
      shaded: { from, to, label: "scored" },
    });
  },
};
