import { learningCurves } from "../../../plots/learningCurves.ts";
import type { Figure } from "../../experiment.ts";
import { lossesBySteps } from "../../images/lossCurves.ts";
import { type ImageData, idOn, titleOf } from "../comparison.ts";
import { curvesOn } from "../imageExperiment.ts";
import { bestRate, type QuasiNewtonRun } from "./findings.ts";
import { type QuasiNewtonResult, type QuasiNewtonTrial, rates } from "./trials.ts";

/** Where losses are drawn that are greater than a network's that has not learned anything. */
const ceiling = 8;

/** The training loss of every method against its rate, and LODO's beside it. */
export const lossesByRate = (data: ImageData): Figure<QuasiNewtonTrial, QuasiNewtonResult> => ({
  id: idOn("table-2-quasi-newton-rates", data),
  summary: `losses of quasi-Newton methods on the image generator on ${titleOf(data)} against their rates`,
  caption: `Training loss on ${titleOf(data)} over 0.9 T < i < T against the learning rate η₀; LODO's, which has none, is the same everywhere. Lines are means over seeds, bands reach from the least to the greatest run. Losses above ${ceiling} and runs that diverged stand at ${ceiling}.`,
  alt: (runs) =>
    `Points joined by lines: training loss against η₀. First seed: ${runs
      .filter(({ job }) => job.seed === 0)
      .map(({ job, result }) => `${job.name}, ${job.column} ${result.score?.toPrecision(3) ?? "diverged"}`)
      .join("; ")}.`,
  spec(runs) {
    const entropy = runs[0]?.result.entropy;
    return learningCurves({
      curves: runs.map(({ job, result }) => ({
        series: job.name,
        points: (job.rate === undefined ? rates : [job.rate]).map((x) => ({ x, y: Math.min(result.score ?? ceiling, ceiling) })),
      })),
      x: { title: "learning rate η₀", scale: "log" },
      y: { title: `training loss on ${titleOf(data)} (nats a pixel)` },
      points: true,
      ...(entropy === undefined ? {} : { level: { y: entropy, label: "entropy of a test pixel" } }),
    });
  },
});

/** LODO, and each method at its best rate. */
const atBestRates = (runs: readonly QuasiNewtonRun[]): readonly QuasiNewtonRun[] =>
  runs.filter(({ job: { name, rate } }) => rate === undefined || bestRate(runs, name)?.rate === rate);

/** Training losses over evaluations, of every method at its best rate. */
export function lossesAtBestRates(data: ImageData): Figure<QuasiNewtonTrial, QuasiNewtonResult> {
  const all = lossesBySteps(curvesOn("table-2-quasi-newton-curves", data));
  return {
    ...all,
    summary: `training losses of quasi-Newton methods on ${titleOf(data)} over steps, at their best rates`,
    caption: `${all.caption} Every quasi-Newton method is shown at the rate of its least test loss.`,
    alt: (runs) => all.alt(atBestRates(runs)),
    spec: (runs) => all.spec(atBestRates(runs)),
  };
}
