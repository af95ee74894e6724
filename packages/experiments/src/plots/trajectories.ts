import type { TopLevelSpec } from "vega-lite";
import { seriesColours } from "./theme.ts";

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface TrajectoriesOptions {
  /** A panel for each. */
  readonly paths: readonly { readonly series: string; readonly points: readonly Point[] }[];
  readonly frame: { readonly x: readonly [number, number]; readonly y: readonly [number, number] };
  /** A picture that fills the frame, and what its shades mean. */
  readonly background: {
    readonly image: string;
    readonly range: readonly [number, number];
    readonly shades: readonly string[];
    readonly title: string;
  };
  readonly start: Point;
  readonly goal: Point;
}

/** Paths in the plane over a heat map, a panel for each path. */
export function trajectories({ paths, frame, background, start, goal }: TrajectoriesOptions): TopLevelSpec {
  const [width, height] = [150, 194];
  const names = paths.map(({ series }) => series);
  const values = paths.flatMap(({ series, points }) => points.map((p, order) => ({ series, order, ...p })));
  const x = {
    field: "x",
    type: "quantitative" as const,
    title: "x",
    scale: { domain: [...frame.x], nice: false },
    axis: { grid: false, tickCount: 3 },
  };
  const y = {
    field: "y",
    type: "quantitative" as const,
    title: "y",
    scale: { domain: [...frame.y], nice: false },
    axis: { grid: false, tickCount: 7 },
  };
  const colour = { field: "series", type: "nominal" as const, scale: seriesColours(names), legend: null };
  const order = { field: "order", type: "quantitative" as const };
  const [low, high] = background.range;
  return {
    data: { values },
    facet: { field: "series", type: "nominal", sort: names, title: null },
    columns: 5,
    spacing: 14,
    spec: {
      width,
      height,
      layer: [
        {
          mark: { type: "image", width, height, aspect: false, aria: false },
          encoding: {
            x: { ...x, field: "midX", aggregate: "min" },
            y: { ...y, field: "midY", aggregate: "min" },
            url: { value: background.image },
          },
          transform: [
            { filter: "datum.order === 0" },
            { calculate: String((frame.x[0] + frame.x[1]) / 2), as: "midX" },
            { calculate: String((frame.y[0] + frame.y[1]) / 2), as: "midY" },
          ],
        },
        {
          transform: [{ filter: "datum.order === 0" }, { calculate: String(low), as: "shade" }],
          mark: { type: "point", opacity: 0, aria: false },
          encoding: {
            x,
            y,
            fill: {
              field: "shade",
              type: "quantitative",
              scale: { domain: [low, high], range: [...background.shades], interpolate: "rgb" },
              legend: { title: background.title, type: "gradient", gradientLength: 150, gradientOpacity: 1, tickCount: 5 },
            },
          },
        },
        { mark: { type: "line", stroke: "white", strokeWidth: 2.8, opacity: 0.75, clip: true, aria: false }, encoding: { x, y, order } },
        { mark: { type: "line", strokeWidth: 1.3, clip: true }, encoding: { x, y, order, color: colour } },
        { mark: { type: "circle", size: 7, opacity: 1, clip: true, aria: false }, encoding: { x, y, color: colour } },
        marker(start, { shape: "circle", size: 70, fill: "white" }),
        marker(goal, { shape: "cross", size: 90, fill: "black" }),
      ],
    },
  };

  function marker({ x: px, y: py }: Point, style: { readonly shape: string; readonly size: number; readonly fill: string }) {
    return {
      transform: [{ filter: "datum.order === 0" }, { calculate: String(px), as: "markX" }, { calculate: String(py), as: "markY" }],
      mark: { type: "point" as const, ...style, stroke: style.fill === "white" ? "black" : "white", strokeWidth: 1.2, opacity: 1 },
      encoding: { x: { ...x, field: "markX" }, y: { ...y, field: "markY" } },
    };
  }
}
