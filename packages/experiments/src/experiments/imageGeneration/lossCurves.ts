import type { Curve } from "../../plots/bands.ts";
import { learningCurves } from "../../plots/learningCurves.ts";
import type { Figure } from "../experiment.ts";
import { tracked } from "../tracked.ts";
import type { Trial, TrialResult } from "../trial.ts";
import type { TimedResult, TimedTrial } from "../trialByTime.ts";
import { type ImageComparison, type ImageData, idOn, titleOf } from "./comparison.ts";

/** The loss of who takes all 256 levels of grey for alike: ln 256. */
const guessing = { y: 5.545, label: "all levels alike, ln 256" };

/** A fresh network loses a little more than 7 nats; the paper ends at 0.67. A loss of few pixels may lie anywhere. */
const [lowest, highest] = [0.5, 8];

const chart = (curves: readonly Curve[], data: ImageData, x: { readonly title: string; readonly domain: readonly [number, number] }) =>
  learningCurves({
    curves,
    x: { ...x, scale: "log" },
    y: {
      title: `training loss on ${titleOf(data)} (nats, mean over a window)`,
      scale: "log",
      domain: [curves.flatMap(({ points }) => points).reduce((least, { y }) => Math.max(lowest, Math.min(least, y)), 5), highest],
    },
    level: guessing,
  });

const caption = (data: ImageData, over: string): string =>
  `Training losses on ${titleOf(data)}, averaged over windows of equal ratio in ${over}. Lines are means over seeds, bands reach from the least to the greatest run; what lies outside ${lowest} to ${highest} is cut off.`;

const described = (ends: readonly string[], over: string): string =>
  `Line chart of the training loss over ${over}. Losses at the end, first seed: ${ends.length === 0 ? "none" : ends.join(", ")}.`;

/** Training loss over steps (Figure 4). */
export const lossesBySteps = ({ figure }: ImageComparison, data: ImageData): Figure<Trial, TrialResult> => ({
  id: idOn(figure, data),
  summary: `training losses of the image generator on ${titleOf(data)} over steps`,
  caption: caption(data, "steps"),
  alt: (runs) =>
    described(
      tracked(runs).flatMap(({ job, result }) =>
        job.seed === 0 ? [`${job.name} ${result.curve.at(-1)?.loss.toPrecision(3) ?? "diverged"}`] : [],
      ),
      "steps",
    ),
  spec(runs) {
    const curves = tracked(runs).map(({ job, result }) => ({
      series: job.name,
      points: result.curve.map(({ step, loss }) => ({ x: step, y: loss })),
    }));
    return chart(curves, data, { title: "steps", domain: [1, Math.max(2, runs[0]?.job.evaluations ?? 2)] });
  },
});

/** Training loss over time (Figure 4). */
export const lossesByTime = ({ figure }: ImageComparison, data: ImageData): Figure<TimedTrial, TimedResult> => ({
  id: `${idOn(figure, data)}-by-time`,
  summary: `training losses of the image generator on ${titleOf(data)} over time`,
  caption: caption(data, "time"),
  alt: (runs) =>
    described(
      runs.flatMap(({ job, result }) => (job.seed === 0 ? [`${job.name} ${result.curve.at(-1)?.loss.toPrecision(3) ?? "diverged"}`] : [])),
      "seconds",
    ),
  spec(runs) {
    const S = runs[0]?.job.seconds ?? 1;
    const curves = runs.map(({ job, result }) => ({
      series: job.name,
      points: result.curve.map(({ seconds, loss }) => ({ x: seconds, y: loss })),
    }));
    return chart(curves, data, { title: "seconds", domain: [S / 100, S] });
  },
});
