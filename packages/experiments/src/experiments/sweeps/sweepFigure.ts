import { type AxisOptions, type LearningCurvesOptions, learningCurves, type View } from "../../plots/learningCurves.ts";
import type { Figure } from "../experiment.ts";
import type { TrialResult } from "../trial.ts";
import type { SweepRuns, SweepTrial, SweptTask } from "./sweptTask.ts";

export interface SweepFigureOptions<R extends TrialResult> extends Pick<Figure, "id" | "summary"> {
  readonly axis: AxisOptions;
  /** "against the number of layers N" */
  readonly against: string;
  /** What else there is to say below it: sentences. */
  readonly remark?: string;
  /** Where losses differ by little, a linear axis around them; elsewhere a logarithmic one down to the optimum, where the task has one. */
  readonly losses: "near" | "far";
  /** A stretch of the axis to shade, with what it is. */
  shaded?(runs: SweepRuns<R>): NonNullable<LearningCurvesOptions["shaded"]> | undefined;
  /** A panel to stand below the others, with what it shows. */
  readonly below?: { readonly shows: string; view(runs: SweepRuns<R>): View };
}

/** What is looked at on a task, a panel below the other, against the setting that is swept. */
export function sweepFigure<R extends TrialResult>(
  on: SweptTask,
  { id, summary, axis, against, remark, losses, shaded, below }: SweepFigureOptions<R>,
): Figure<SweepTrial, R> {
  const shows = [...on.panels, ...(below ? [below] : [])].map((panel) => panel.shows);
  return {
    id,
    summary,
    caption: [
      `${stacked(shows)} ${against}. Lines are means over seeds, bands reach from the least to the greatest run.`,
      ...(remark === undefined ? [] : [remark]),
    ].join(" "),
    alt(runs) {
      const said = firstOfEach(runs).map(({ job, result }) => `${job.column} ${result.score?.toPrecision(3) ?? "diverged"}`);
      return `Points joined by lines, of lodo against ${axis.title}: ${shows.join("; below, ")}. Losses of the first seed: ${said.join(", ")}.`;
    },
    spec(runs) {
      const shade = shaded?.(runs);
      const panels = on.panels.map(({ series, y, level, height }) => {
        const marked = level?.(losses);
        return learningCurves({
          curves: Object.entries(series).flatMap(([name, of]) => curvesOf(runs, of, name)),
          x: axis,
          y: y(runs, losses),
          points: true,
          legend: Object.keys(series).length > 1,
          height,
          ...(shade ? { shaded: shade } : {}),
          ...(marked ? { level: marked } : {}),
        });
      });
      return {
        vconcat: [...panels, ...(below ? [below.view(runs)] : [])],
        spacing: 24,
        resolve: { scale: { color: "independent", strokeDash: "independent" } },
      };
    },
  };
}

const places = ["Above", "in the middle", "below"] as const;

/** "Above: loss; below: error", in a figure of several panels. */
function stacked(shows: readonly string[]): string {
  if (shows.length === 1) return shows.join().replace(/^./, (first) => first.toUpperCase());
  const [above, middle, last] = places;
  return shows.map((what, i) => `${i === 0 ? above : i === shows.length - 1 ? last : middle}: ${what}`).join("; ");
}

const firstOfEach = <R extends TrialResult>(runs: SweepRuns<R>): SweepRuns<R> =>
  runs.filter(({ job }) => job.seed === 0).sort((a, b) => a.job.at - b.job.at);

/** A curve for each seed, so that bands reach from the least to the greatest run. */
export const curvesOf = <R extends TrialResult>(
  runs: SweepRuns<R>,
  of: (result: R) => number | null,
  series: string,
): LearningCurvesOptions["curves"] =>
  [...new Set(runs.map(({ job }) => job.seed))].map((seed) => ({
    series,
    points: runs
      .filter(({ job }) => job.seed === seed)
      .flatMap(({ job: { at }, result }) => {
        const y = of(result);
        return y === null ? [] : [{ x: at, y }];
      })
      .sort((a, b) => a.x - b.x),
  }));
