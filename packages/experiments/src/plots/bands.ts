import { groupBy } from "../groupBy.ts";

/** One run of a series: y at x. */
export interface Curve {
  readonly series: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** Over the runs of a series that reach x: their mean, and the least and greatest. */
export interface BandPoint {
  readonly series: string;
  readonly x: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** The runs of each series joined at every x that any of them reaches. */
export function bands(curves: readonly Curve[]): readonly BandPoint[] {
  return groupBy(curves, ({ series }) => series).flatMap((runs) => {
    const points = runs.flatMap((run) => run.points.map((point) => ({ series: run.series, ...point })));
    return groupBy(points, ({ x }) => String(x)).map((at) => {
      const ys = at.map(({ y }) => y);
      const { series, x } = at[0] as (typeof at)[number];
      return { series, x, mean: ys.reduce((a, b) => a + b, 0) / ys.length, low: Math.min(...ys), high: Math.max(...ys) };
    });
  });
}
