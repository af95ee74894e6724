import type { TopLevelSpec } from "vega-lite";
import { type BandPoint, bands, type Curve } from "./bands.ts";
import { logLabel, logTicks } from "./logAxis.ts";
import { ink, seriesColours, seriesDashes } from "./theme.ts";

export interface AxisOptions {
  /** A line, or several. */
  readonly title: string | string[];
  readonly scale?: "linear" | "log";
  /** Leaves out what lies outside. From the least to the greatest that there is unless told. */
  readonly domain?: readonly [number, number];
  /** On a linear axis, where the labels stand. */
  readonly ticks?: readonly number[];
}

export interface LearningCurvesOptions {
  readonly curves: readonly Curve[];
  readonly x: AxisOptions;
  readonly y: AxisOptions;
  readonly width?: number;
  readonly height?: number;
  /** Names the series' colours, unless one series needs no name. */
  readonly legend?: boolean;
  /** Marks the means that the lines join. */
  readonly points?: boolean;
  /** A stretch of x to shade, with what it is. */
  readonly shaded?: { readonly from: number; readonly to: number; readonly label: string };
  /** A level of y to mark, with what it is. */
  readonly level?: { readonly y: number; readonly label: string };
}

/** What can stand in a concatenation: a layered view with its size. */
export type View = Extract<TopLevelSpec, { layer: unknown }>;

/** A line for the mean of each series, over a band from its least to its greatest run. */
export function learningCurves(options: LearningCurvesOptions): View {
  const { curves, x, y, width = 560, height = 320, legend = true, points = false, shaded, level } = options;
  const values = bands(curves).filter((point) => isShown(point, x, y));
  const xAxis = axis(x, extent(values.map((p) => p.x)));
  const yAxis = axis(y, extent([...values.flatMap(({ low, high }) => [low, high]), ...(level ? [level.y] : [])]));
  const names = [...new Set(curves.map(({ series }) => series))];
  const named = { field: "series", type: "nominal" as const, title: null };
  const color = {
    ...named,
    scale: seriesColours(names),
    legend: legend ? { orient: "right" as const, symbolType: "stroke" as const, symbolOpacity: 1 } : null,
  };
  const strokeDash = { ...named, scale: seriesDashes(names), legend: color.legend };
  return {
    width,
    height,
    data: { values: [...values] },
    layer: [
      ...(shaded ? shade(shaded) : []),
      {
        mark: { type: "area", opacity: 0.22, clip: true, aria: false },
        encoding: { x: { field: "x", ...xAxis }, y: { field: "low", ...yAxis }, y2: { field: "high" }, color },
      },
      {
        mark: { type: "line", strokeWidth: 1.8, strokeJoin: "round", clip: !points, point: points && { size: 36 } },
        encoding: { x: { field: "x", ...xAxis }, y: { field: "mean", ...yAxis }, color, strokeDash },
      },
      ...(level ? markLevel(level) : []),
    ],
  };
}

/** Infinite losses, and what a logarithmic axis cannot show, are left out. */
function isShown({ x: at, low, high, mean }: BandPoint, x: AxisOptions, y: AxisOptions): boolean {
  const inDomain = at >= (x.domain?.[0] ?? at) && at <= (x.domain?.[1] ?? at);
  return inDomain && Number.isFinite(mean) && Number.isFinite(high) && (y.scale !== "log" || low > 0) && (x.scale !== "log" || at > 0);
}

const extent = (values: readonly number[]): readonly [number, number] => [
  values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
  values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
];

function axis({ title, scale = "linear", domain, ticks }: AxisOptions, within: readonly [number, number]) {
  const ends = domain ?? within;
  const known = ends[0] <= ends[1];
  const common = { type: "quantitative" as const, title };
  const log = { scale: { type: scale, nice: false, ...(known ? { domain: [...ends] } : {}) } };
  if (scale === "log") return { ...common, ...log, axis: { labelExpr: logLabel, ...(known ? { values: [...logTicks(...ends)] } : {}) } };
  const linear = { scale: { type: scale, nice: !domain, zero: false, ...(known ? { domain: [...ends] } : {}) } };
  return { ...common, ...linear, ...(ticks ? { axis: { values: [...ticks], labelExpr: "format(datum.value, '~r')" } } : {}) };
}

const label = { type: "text" as const, fill: ink, fontSize: 11, opacity: 0.85 };

const shade = ({ from, to, label: text }: NonNullable<LearningCurvesOptions["shaded"]>): View["layer"] => [
  {
    data: { values: [{}] },
    mark: { type: "rect", fill: ink, opacity: 0.08, aria: false },
    encoding: { x: { datum: from }, x2: { datum: to } },
  },
  {
    data: { values: [{}] },
    mark: { ...label, align: "right", baseline: "top", dx: -5, dy: 4, text },
    encoding: { x: { datum: from }, y: { value: 0 } },
  },
];

const markLevel = ({ y, label: text }: NonNullable<LearningCurvesOptions["level"]>): View["layer"] => [
  {
    data: { values: [{}] },
    mark: { type: "rule", stroke: ink, strokeDash: [5, 4], opacity: 0.8, aria: false },
    encoding: { y: { datum: y } },
  },
  {
    data: { values: [{}] },
    mark: { ...label, align: "right", baseline: "top", dx: -4, dy: 6, text },
    encoding: { x: { value: "width" }, y: { datum: y } },
  },
];
