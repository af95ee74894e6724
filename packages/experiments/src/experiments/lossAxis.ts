import type { AxisOptions, LearningCurvesOptions } from "../plots/learningCurves.ts";
import { newtonsLoss } from "./newtonsLoss.ts";

/** A logarithmic axis for losses on the bowl in units of σ². The optimum stands at a ninth of its height, with room for its name below. */
export function lossAxis(title: string, losses: readonly number[]): AxisOptions {
  const most = losses.reduce((a, b) => Math.max(a, b), 2 * newtonsLoss);
  const ratio = newtonsLoss / most;
  // An eighth of what is above the optimum, on a logarithmic scale.
  const below = Math.sqrt(Math.sqrt(Math.sqrt(ratio)));
  return { title, scale: "log", domain: [below * newtonsLoss, most] };
}

/** The level to mark on it. */
export const optimum: NonNullable<LearningCurvesOptions["level"]> = { y: newtonsLoss, label: `optimum ½ σ² tr H = ${newtonsLoss}` };
