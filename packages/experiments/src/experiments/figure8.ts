import { learningCurves } from "../plots/learningCurves.ts";
import type { Figure } from "./experiment.ts";
import { lossAxis, optimum } from "./lossAxis.ts";
import { varianceOf } from "./table7Findings.ts";
import type { Trial, TrialResult } from "./trial.ts";

/** Loss divided by the noise variance, against the variance. */
export const figure8: Figure<Trial, TrialResult> = {
  id: "figure-8",
  summary: "losses on the noisy quadratic bowl, rescaled, against the noise variance",
  caption:
    "Loss (mean over 0.9 T < i < T) divided by the noise variance σ², against σ². Lines are means over seeds, bands reach from the least to the greatest run.",
  alt(runs) {
    const names = [...new Set(runs.map(({ job }) => job.name))];
    const said = names.map((name) => {
      const ratios = runs.flatMap(({ job, result: { score } }) =>
        job.name === name && job.seed === 0 ? [score === null ? "diverged" : (score / varianceOf(job)).toPrecision(3)] : [],
      );
      return `${name} ${ratios.join(" ")}`;
    });
    return `Points joined by lines: loss over variance at rising variances. First seed: ${said.join(", ")}.`;
  },
  spec(runs) {
    const curves = runs.flatMap(({ job, result: { score } }) => {
      const variance = varianceOf(job);
      return score === null ? [] : [{ series: job.name, points: [{ x: variance, y: score / variance }] }];
    });
    return learningCurves({
      curves,
      x: { title: "noise variance σ²", scale: "log" },
      y: lossAxis(
        "loss / variance",
        curves.flatMap(({ points }) => points.map(({ y }) => y)),
      ),
      points: true,
      level: { ...optimum, label: "optimum ½ tr H = 7.41" },
    });
  },
};
