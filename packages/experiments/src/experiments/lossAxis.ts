import type { AxisOptions, LearningCurvesOptions } from "../plots/learningCurves.ts";
import { newtonsLoss } from "./newtonsLoss.ts";

/** An axis for losses on the bowl in units of σ². The optimum stands at a ninth of its height, with room for its name below. */
export function lossAxis(title: string, losses: readonly number[], scale: "log" | "linear" = "log"): AxisOptions {
  const most = losses.reduce((a, b) => Math.max(a, b), newtonsLoss + 1);
  // An eighth of what is above the optimum.
  const least =
    scale === "log" ? newtonsLoss * Math.sqrt(Math.sqrt(Math.sqrt(newtonsLoss / most))) : newtonsLoss - (most - newtonsLoss) / 8;
  return { title, scale, domain: [least, most] };
}

/** The level to mark on it. */
export const optimum: NonNullable<LearningCurvesOptions["level"]> = { y: newtonsLoss, label: `optimum ½ σ² tr H = ${newtonsLoss}` };
