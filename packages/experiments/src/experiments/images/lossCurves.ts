import type { Curve } from "../../plots/bands.ts";
import { learningCurves } from "../../plots/learningCurves.ts";
import type { Figure } from "../experiment.ts";
import { tracked } from "../tracked.ts";
import type { Trial, TrialResult } from "../trial.ts";
import type { TimedResult, TimedTrial } from "../trialByTime.ts";

/** A figure of training losses on a logarithmic axis. */
export interface LossCurves {
  readonly id: string;
  /** `the image generator on MNIST`. */
  readonly of: string;
  /** `MNIST`. */
  readonly on: string;
  /** What is shown at most. */
  readonly range: readonly [lowest: number, highest: number];
  /** The loss of who takes every answer for alike. */
  readonly guessing: { readonly y: number; readonly label: string };
}

function chart(
  { on, range: [lowest, highest], guessing }: LossCurves,
  curves: readonly Curve[],
  x: { readonly title: string; readonly domain: readonly [number, number] },
) {
  const least = curves.flatMap(({ points }) => points).reduce((less, { y }) => Math.min(less, y), 0.9 * guessing.y);
  return learningCurves({
    curves,
    x: { ...x, scale: "log" },
    y: { title: `training loss on ${on} (nats, mean over a window)`, scale: "log", domain: [Math.max(lowest, least), highest] },
    level: guessing,
  });
}

const caption = ({ on, range: [lowest, highest] }: LossCurves, over: string): string =>
  `Training losses on ${on}, averaged over windows of equal ratio in ${over}. Lines are means over seeds, bands reach from the least to the greatest run; what lies outside ${lowest} to ${highest} is cut off.`;

const described = (ends: readonly string[], over: string): string =>
  `Line chart of the training loss over ${over}. Losses at the end, first seed: ${ends.length === 0 ? "none" : ends.join(", ")}.`;

/** Training loss over steps. */
export const lossesBySteps = (of: LossCurves): Figure<Trial, TrialResult> => ({
  id: of.id,
  summary: `training losses of ${of.of} over steps`,
  caption: caption(of, "steps"),
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
    return chart(of, curves, { title: "steps", domain: [1, Math.max(2, runs[0]?.job.evaluations ?? 2)] });
  },
});

/** Training loss over time. */
export const lossesByTime = (of: LossCurves): Figure<TimedTrial, TimedResult> => ({
  id: `${of.id}-by-time`,
  summary: `training losses of ${of.of} over time`,
  caption: caption(of, "time"),
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
    return chart(of, curves, { title: "seconds", domain: [S / 100, S] });
  },
});
