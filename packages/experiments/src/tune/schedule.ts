import { ArgumentError } from "@lodo/tensor";

/** How a generation searches. */
export interface GenerationPlan {
  /** σ, the standard deviation of the noise that is added to the mean, on the search scale. */
  readonly deviation: number;
  /** Evaluations of the loss in every individual's run. */
  readonly steps: number;
  /** Individuals, where not as many as in other generations: fewer where runs are long. */
  readonly population?: number;
}

/** Every generation's plan, the first first. */
export type Schedule = readonly GenerationPlan[];

const zip = (deviations: readonly number[], steps: readonly number[]): Schedule =>
  deviations.map((deviation, i) => ({ deviation, steps: steps[i] as number }));

const deviations = [3, 3, 3, 3, 2, 1.7, 1.4, 1.2, 0.9, 0.6];

const bowl = zip(deviations, [1000, 1000, 1000, 1000, 1500, 1500, 2000, 3000, 5000, 8000]);

/** Table 5, by task. */
export const table5: Readonly<Record<string, Schedule>> = {
  "noisy-quadratic-bowl": bowl,
  rosenbrock: zip([3, 3, 3, 2.5, 2, 1.5, 1, 0.75, 0.5, 0.3], Array<number>(10).fill(200)),
  "image-generation": bowl,
  "image-classification": zip(deviations, [50, 50, 50, 50, 50, 50, 100, 200, 300, 500]),
};

/** Table 5's schedule for a task; for one that it does not have, the bowl's. */
export const defaultSchedule = (task: string): Schedule => table5[task] ?? bowl;

/** Individuals in each generation, as many as the paper has (Appendix E). */
export const defaultPopulation = (task: string): number => (task === "image-classification" ? 16 : 32);

/**
 * A schedule for another number of generations. The noise must still end small and the runs long, so that entries are left out or repeated evenly
 * and the first and the last stay; one generation alone is the first.
 */
export function resampled(schedule: Schedule, generations: number): Schedule {
  const last = schedule.length - 1;
  return Array.from(
    { length: generations },
    (_, g) => schedule[generations === 1 ? 0 : Math.round((g * last) / (generations - 1))] as GenerationPlan,
  );
}

const allowed =
  "deviation x steps of each generation, say 3x1000,1.5x2000,0.6x8000: deviations above 0, steps integers of at least 11; " +
  "and x individuals where their number is the generation's own, from 2 to 10 000, say 0.6x8000x4";

/** With fewer, no evaluation i has 0.9 T < i < T, and there is no score. */
const minSteps = 11;

/** Of one alone there is no better half, and of more than ten thousand no plan. */
const isPopulation = (n: number): boolean => Number.isSafeInteger(n) && n >= 2 && n <= 10_000;

/** Reads `3x1000,1.5x2000x4`. @throws ArgumentError naming what is allowed and what was given. */
export function parseSchedule(text: string): Schedule {
  return text.split(",").map((entry) => {
    const match = /^\s*(\d+(?:\.\d+)?)\s*[x×]\s*(\d+)\s*(?:[x×]\s*(\d+)\s*)?$/.exec(entry);
    const own = match?.[3] === undefined ? {} : { population: Number(match[3]) };
    const plan: GenerationPlan | null = match && { deviation: Number(match[1]), steps: Number(match[2]), ...own };
    const isAllowed = plan && plan.deviation > 0 && Number.isSafeInteger(plan.steps) && plan.steps >= minSteps;
    if (!isAllowed || !isPopulation(plan.population ?? 2))
      throw new ArgumentError("schedule", `expected ${allowed}; got "${entry}"${entry === text ? "" : ` in "${text}"`}`);
    return plan;
  });
}

/** As `parseSchedule` reads it. */
export const formatSchedule = (schedule: Schedule): string =>
  schedule
    .map(({ deviation, steps, population }) => [deviation, steps, ...(population === undefined ? [] : [population])].join("x"))
    .join(",");
