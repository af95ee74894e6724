import type { Figure } from "./experiment.ts";
import { lossPanels, panelsInWords, stacked } from "./figure2Panels.ts";
import type { TimedResult, TimedTrial } from "./trialByTime.ts";

/** Loss of every optimizer over time. */
export const figure2ByTime: Figure<TimedTrial, TimedResult> = {
  id: "figure-2-by-time",
  summary: "losses on the noisy quadratic bowl over time",
  caption: `Losses over the time of each run, averaged over windows of equal ratio: ${panelsInWords("above", "below")}. Lines are means over seeds, bands reach from the least to the greatest run.`,
  alt(runs) {
    const seen = runs.filter(({ job }) => job.seed === 0);
    const ends = seen.map(({ job, result }) => `${job.name} ${result.curve.at(-1)?.loss.toPrecision(3) ?? "diverged"}`);
    return `Two line charts over seconds. Losses at the end, first seed: ${ends.join(", ")}.`;
  },
  spec(runs) {
    const S = runs[0]?.job.seconds ?? 1;
    const x = { title: "seconds", scale: "log", domain: [S / 100, S] } as const;
    const curves = runs.map(({ job, result }) => ({
      series: job.name,
      points: result.curve.map(({ seconds, loss }) => ({ x: seconds, y: loss })),
    }));
    return stacked(lossPanels(curves, x));
  },
};
