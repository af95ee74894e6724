import { type LearningCurvesOptions, learningCurves, type View } from "../../plots/learningCurves.ts";
import type { Figure } from "../experiment.ts";
import { lossAxis, optimum } from "../lossAxis.ts";
import type { TrialResult } from "../trial.ts";
import { lastError, type SweepRuns, type SweepTrial } from "./lodoSweep.ts";

export interface SweepFigureOptions<R extends TrialResult> extends Pick<Figure, "id" | "summary" | "caption"> {
  readonly axis: LearningCurvesOptions["x"];
  /** Where losses differ by little, a linear axis around them; elsewhere a logarithmic one down to the optimum. */
  readonly losses: "near" | "far";
  /** A stretch of the axis to shade, with what it is. */
  shaded?(runs: SweepRuns<R>): NonNullable<LearningCurvesOptions["shaded"]> | undefined;
  /** A panel to stand below the others. */
  below?(runs: SweepRuns<R>): View;
}

/** Loss, and inverse-Hessian error below it, against the setting that is swept. */
export function sweepFigure<R extends TrialResult>({
  axis,
  losses,
  shaded,
  below,
  ...about
}: SweepFigureOptions<R>): Figure<SweepTrial, R> {
  return {
    ...about,
    alt(runs) {
      const said = firstOfEach(runs).map(({ job, result }) => `${job.column} ${result.score?.toPrecision(3) ?? "diverged"}`);
      return `Points joined by a line: loss of lodo against ${axis.title}, inverse-Hessian error below. Losses of the first seed: ${said.join(", ")}.`;
    },
    spec(runs) {
      const shade = shaded?.(runs);
      const panel = (of: (result: R) => number | null, y: LearningCurvesOptions["y"], more: Partial<LearningCurvesOptions>): View =>
        learningCurves({
          curves: curvesOf(runs, of),
          x: axis,
          y,
          points: true,
          legend: false,
          ...(shade ? { shaded: shade } : {}),
          ...more,
        });
      return {
        vconcat: [
          panel(({ score }) => score, lossesAxis(runs, losses), { height: 240, ...(losses === "far" ? { level: optimum } : {}) }),
          panel(lastError, { title: ["inverse-Hessian error", "‖I − G H‖ / √n (Frobenius)"] }, { height: 160 }),
          ...(below ? [below(runs)] : []),
        ],
        spacing: 24,
        resolve: { scale: { color: "independent", strokeDash: "independent" } },
      };
    },
  };
}

function lossesAxis(runs: SweepRuns, losses: "near" | "far"): LearningCurvesOptions["y"] {
  const title = "loss (mean over 0.9 T < i < T)";
  const known = runs.flatMap(({ result: { score } }) => score ?? []);
  return losses === "far" ? lossAxis(title, known) : { title };
}

const firstOfEach = <R extends TrialResult>(runs: SweepRuns<R>): SweepRuns<R> =>
  runs.filter(({ job }) => job.seed === 0).sort((a, b) => a.job.at - b.job.at);

/** A curve for each seed, so that bands reach from the least to the greatest run. */
export const curvesOf = <R extends TrialResult>(
  runs: SweepRuns<R>,
  of: (result: R) => number | null,
  series = "lodo",
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
