import type { Preset } from "../experiments/experiment.ts";
import type { Estimate } from "../experiments/row.ts";

/** Four significant digits, as the paper prints them. */
export const formatNumber = (x: number): string => x.toPrecision(4);

/** `0.001040 ± 0.000021`; nothing after the mean where there is no deviation, `±0` where every run gave the same. */
export function formatEstimate(estimate: { readonly mean: number | null; readonly std: number | null } | Estimate | null): string {
  if (estimate === null || estimate.mean === null) return "–";
  const { mean, std } = estimate;
  if (std === null) return formatNumber(mean);
  return `${formatNumber(mean)} ± ${std === 0 ? "0" : std.toPrecision(2)}`;
}

/** How long the runs of a preset are: `10 000 steps`, `300 s a run`. */
export const formatLength = ({ steps, seconds }: Pick<Preset, "steps" | "seconds">): string =>
  seconds === undefined ? `${formatCount(steps)} steps` : `${seconds} s a run`;

/** `200`, `10 000`: thousands apart. */
export const formatCount = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, " ");
