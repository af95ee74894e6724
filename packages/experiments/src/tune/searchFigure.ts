import type { TopLevelSpec } from "vega-lite";
import { logLabel, logTicks } from "../plots/logAxis.ts";
import { ink } from "../plots/theme.ts";
import { type Scales, valuesAt } from "./generation.ts";
import type { Generation, Judged, SearchResult } from "./result.ts";
import { rateScale, type SearchScale } from "./scale.ts";

/** What became of an individual, for the eye: colour and shape say the same. */
const fates = {
  names: ["better half", "worse half", "diverged"],
  colours: ["#0072B2", "#999999", "#D55E00"],
  shapes: ["circle", "circle", "cross"],
};

const fateOf = ({ score, survived }: Judged): string => (survived ? "better half" : score === null ? "diverged" : "worse half");

const size = { width: 640, height: 150 };

/** Losses more than this many times the best are drawn at the edge: one run that all but diverged would flatten the rest. */
const lossRange = 1e5;

interface Dot {
  readonly x: number;
  readonly fate: string;
  readonly individual: Judged;
}

/** A dot for each individual: within its generation from the best on the left to the worst on the right, those that diverged last. */
function dotsOf(generations: readonly Generation[]): readonly Dot[] {
  return generations.flatMap(({ individuals }, g) => {
    const rank = (score: number | null): number => score ?? Number.POSITIVE_INFINITY;
    const ranked = [...individuals].sort((a, b) =>
      rank(a.score) < rank(b.score) ? -1 : rank(a.score) > rank(b.score) ? 1 : b.reached - a.reached,
    );
    return ranked.map((individual, i) => ({
      x: g + 1 + 0.8 * ((i + 0.5) / ranked.length - 0.5),
      fate: fateOf(individual),
      individual,
    }));
  });
}

const extent = (values: readonly number[]): readonly [number, number] => [
  values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
  values.reduce((a, b) => Math.max(a, b), 0),
];

/** What is drawn of a value on a logarithmic axis: a rate itself, of a decay β its distance from 1. */
const shown = (scale: SearchScale, value: number): number => (scale === rateScale ? value : 1 - value);

/** A panel for the loss and one for each hyperparameter, generations from left to right. */
export function searchFigure({ generations, end }: Pick<SearchResult, "generations" | "end">, scales: Scales): TopLevelSpec {
  const dots = dotsOf(generations);
  const x = {
    field: "x",
    type: "quantitative" as const,
    title: "generation",
    scale: { domain: [0.5, generations.length + 0.5], nice: false },
    axis: { values: generations.map((_, g) => g + 1), format: "d", grid: false },
  };
  return { vconcat: [lossPanel(), ...Object.entries(scales).map(([key, scale]) => valuePanel(key, scale))], spacing: 18 };

  function panel(
    title: string,
    domain: readonly [number, number],
    points: readonly (Dot & { readonly y: number })[],
    means: readonly { x: number; y: number }[],
  ) {
    const y = {
      field: "y",
      type: "quantitative" as const,
      title,
      scale: { type: "log" as const, domain: [...domain], nice: false },
      axis: { values: [...logTicks(...domain)], labelExpr: logLabel },
    };
    return {
      ...size,
      layer: [
        {
          data: { values: generations.slice(1).map((_, g) => ({ x: g + 1.5 })) },
          mark: { type: "rule" as const, stroke: ink, opacity: 0.18, aria: false },
          encoding: { x },
        },
        {
          data: { values: points.map(({ x, y, fate }) => ({ x, y, fate })) },
          mark: { type: "point" as const, filled: true, size: 26, opacity: 0.85, clip: false },
          encoding: {
            x,
            y,
            color: { field: "fate", type: "nominal" as const, title: null, scale: { domain: fates.names, range: fates.colours } },
            shape: { field: "fate", type: "nominal" as const, title: null, scale: { domain: fates.names, range: fates.shapes } },
          },
        },
        {
          data: { values: [...means] },
          mark: { type: "line" as const, stroke: ink, strokeWidth: 1.6, point: { fill: ink, stroke: ink, size: 22 }, aria: false },
          encoding: { x, y },
        },
      ],
    };
  }

  function lossPanel() {
    const scores = dots.flatMap(({ individual: { score } }) => (score === null ? [] : [score]));
    const [low, high] = scores.length === 0 ? [1, 1] : extent(scores);
    const top = Math.min(high, low * lossRange);
    const edge = 1.5 * top;
    const points = dots.map((dot) => ({ ...dot, y: Math.min(dot.individual.score ?? edge, edge) }));
    return panel("mean loss, last tenth", [low / 1.2, edge], points, []);
  }

  function valuePanel(key: string, scale: SearchScale) {
    const points = dots.map((dot) => ({ ...dot, y: shown(scale, dot.individual.values[key] as number) }));
    const means = [...generations.map(({ mean }) => mean), end].map((position, g) => ({
      x: g + 0.5,
      y: shown(scale, valuesAt(position, scales)[key] as number),
    }));
    const [low, high] = extent([...points, ...means].map(({ y }) => y));
    const title = scale === rateScale ? key : `1 − ${key}`;
    return panel(title, [low / 1.2, high * 1.2], points, means);
  }
}

/** What the figure shows, for those who cannot see it. */
export function searchAlt({ generations, tuned }: Pick<SearchResult, "generations" | "tuned">): string {
  const best = (g: number): string => {
    const scores = generations.at(g)?.individuals.flatMap(({ score }) => (score === null ? [] : [score])) ?? [];
    return scores.length === 0 ? "none" : extent(scores)[0].toPrecision(3);
  };
  const values = Object.entries(tuned).map(([key, value]) => `${key} ${value.toPrecision(3)}`);
  return `Dot plots of ${generations.length} generations: loss, and each hyperparameter. Best loss of the first generation ${best(0)}, of the last ${best(-1)}. The mean ends at ${values.join(", ")}.`;
}
