import type { Windows } from "../../windows.ts";
import type { CurvePoint } from "../curve.ts";

/** Losses are kept in windows a thousandth of the run long, so that the last tenth of every horizon is a number of whole ones. */
export const lossWindows: Windows = { spacing: "linear", count: 1000 };

/** The inverse-Hessian error is measured at every hundredth of the run, so at every horizon. */
export const errorWindows: Windows = { spacing: "linear", count: 100 };

/** How much of the run horizons reach back over. */
const reach = 100;

/** The ends at which a run of T steps is looked at: T/100, T/50, T/20, T/10, … T. */
export const horizonsOf = (T: number): readonly number[] => [...new Set([100, 50, 20, 10, 5, 2, 1].map((part) => Math.ceil(T / part)))];

/** The first step that is drawn or tabulated. */
export const firstHorizon = (T: number): number => Math.ceil(T / reach);

/** The mean over evaluations i with `from` < i ≤ `to`, of whole windows; null if there is none. */
export function meanLoss(curve: readonly CurvePoint[], from: number, to: number): number | null {
  const spans = curve.map(({ step, loss }, i) => ({ step, loss, start: curve[i - 1]?.step ?? 0 }));
  const within = spans.filter(({ start, step }) => start >= from && step <= to);
  const evaluations = within.reduce((sum, { start, step }) => sum + step - start, 0);
  return evaluations === 0 ? null : within.reduce((sum, { start, step, loss }) => sum + loss * (step - start), 0) / evaluations;
}

/** The mean loss over the last tenth of the steps up to a horizon, as the paper scores a whole run. */
export const lossAtHorizon = (curve: readonly CurvePoint[], horizon: number): number | null =>
  meanLoss(curve, Math.floor((9 * horizon) / 10), horizon);

/** The same curve in windows that end where its own last end before `ends`: every loss from the first of them on counts once. */
export function joined(curve: readonly CurvePoint[], ends: readonly number[]): readonly CurvePoint[] {
  const own = [...new Set(ends.flatMap((end) => curve.findLast(({ step }) => step <= end)?.step ?? []))];
  return own.flatMap((step, i) => {
    const loss = meanLoss(curve, own[i - 1] ?? 0, step);
    return loss === null ? [] : [{ step, loss }];
  });
}
