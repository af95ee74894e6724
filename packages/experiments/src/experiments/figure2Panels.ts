import type { TopLevelSpec } from "vega-lite";
import type { Curve } from "../plots/bands.ts";
import { type AxisOptions, learningCurves, type View } from "../plots/learningCurves.ts";
import { newtonsLoss } from "./newtonsLoss.ts";
import { methodOf } from "./table1Methods.ts";

/** Losses above this are cut off: a method that has lost the minimum goes on to any height. */
const highest = 150;

/** Losses in two panels, so that lines can be told apart: methods of O(n), then those of curvature; LODO is in both. */
export function lossPanels(curves: readonly Curve[], x: AxisOptions): readonly View[] {
  const isLinear = ({ series }: Curve): boolean => methodOf(series)?.time === "O(n)";
  const isLodo = ({ series }: Curve): boolean => series === "lodo";
  const top = Math.min(highest, Math.max(...curves.flatMap(({ points }) => points.map(({ y }) => y))));
  const bottom = Math.min(newtonsLoss, ...curves.flatMap(({ points }) => points.map(({ y }) => y)));
  const panel = (title: string, belongs: (curve: Curve) => boolean): View => ({
    title,
    ...learningCurves({
      curves: curves.filter((curve) => isLodo(curve) || belongs(curve)),
      x,
      y: { title: "loss (mean over a window)", scale: "log", domain: [bottom, Math.max(top, 2 * bottom)] },
      level: { y: newtonsLoss, label: "optimum ½ σ² tr H = 7.41" },
      height: 260,
    }),
  });
  return [panel("methods whose steps take O(n)", isLinear), panel("methods that estimate or know curvature", (curve) => !isLinear(curve))];
}

/** Panels one under the other, each with its own legend. */
export const stacked = (panels: readonly View[]): TopLevelSpec => ({
  vconcat: [...panels],
  spacing: 24,
  resolve: { scale: { color: "independent", strokeDash: "independent" } },
});

/** What the panels show, for a caption that names them by their places. */
export const panelsInWords = (first: string, second: string): string =>
  `${first} of the methods whose steps take O(n), ${second} of those that estimate or know curvature, LODO in both. A loss above ${highest} is cut ` +
  "off; the corrected methods, which the paper does not have, are dashed";
