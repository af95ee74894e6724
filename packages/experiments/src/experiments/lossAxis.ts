import type { AxisOptions, LearningCurvesOptions } from "../plots/learningCurves.ts";
import { newtonsLoss } from "./newtonsLoss.ts";

/** A logarithmic axis for losses on the bowl in units of σ², with room for the optimum's name below the level that marks it. */
export const lossAxis = (title: string, losses: readonly number[]): AxisOptions => ({
  title,
  scale: "log",
  domain: [0.85 * newtonsLoss, losses.reduce((a, b) => Math.max(a, b), 2 * newtonsLoss)],
});

/** The level to mark on it. */
export const optimum: NonNullable<LearningCurvesOptions["level"]> = { y: newtonsLoss, label: `optimum ½ σ² tr H = ${newtonsLoss}` };
