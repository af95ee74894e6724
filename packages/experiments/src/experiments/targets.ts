import type { Figure, Job, RegisteredExperiment } from "./experiment.ts";
import { dataExperiments, experiments } from "./index.ts";

/** What can be asked for by name: a table with all its figures, or one of the figures, which takes the same runs. */
export interface Target {
  readonly id: string;
  readonly summary: string;
  /** Where in the paper. */
  readonly reference: string;
  readonly experiment: RegisteredExperiment;
  readonly figures: readonly Figure<Job, unknown>[];
}

/** The same by time; null if the experiment makes no sense so. */
export function byTime({ id, figures, experiment, ...rest }: Target, seconds: number): Target | null {
  const timed = experiment.byTime?.(seconds);
  if (!timed) return null;
  const ids = figures.map((figure) => idByTime(figure.id));
  return { ...rest, id: idByTime(id), experiment: timed, figures: timed.figures.filter((figure) => ids.includes(figure.id)) };
}

const idByTime = (id: string): string => `${id}-by-time`;

/** Every name that `lodo reproduce` takes. */
export const targets: readonly Target[] = [...experiments, ...dataExperiments].flatMap((experiment) => {
  const { id, summary, reference, figures } = experiment;
  const ofFigure = (figure: Figure<Job, unknown>): Target => ({
    id: figure.id,
    summary: figure.summary,
    reference: `with ${experiment.id}: ${reference}`,
    experiment,
    figures: [figure],
  });
  return [{ id, summary, reference, experiment, figures }, ...figures.map(ofFigure)];
});
