import { createRng } from "@lodo/tensor";
import type { TrialResult } from "../experiments/trial.ts";
import type { SearchScale } from "./scale.ts";

/** A point of the search space, by hyperparameter, each on its search scale. */
export type Position = Readonly<Record<string, number>>;

/** The scales of the hyperparameters that are searched. */
export type Scales = Readonly<Record<string, SearchScale>>;

/** Values of the hyperparameters that are searched. */
export type SearchedValues = Readonly<Record<string, number>>;

/** One of a generation: what it runs with, and what everything random in its run is drawn from. */
export interface Individual {
  readonly values: SearchedValues;
  readonly seed: number;
}

/** What became of an individual: its score, or that it diverged or stopped (null), and how many evaluations it came to before that. */
export interface Fitness {
  readonly score: number | null;
  readonly reached: number;
}

/** Where values lie. */
export const positionOf = (values: SearchedValues, scales: Scales): Position =>
  Object.fromEntries(Object.entries(scales).map(([key, scale]) => [key, scale.to(values[key] as number)]));

/** The values at a position, each within its domain. */
export const valuesAt = (position: Position, scales: Scales): SearchedValues =>
  Object.fromEntries(Object.entries(scales).map(([key, scale]) => [key, scale.from(position[key] as number)]));

/**
 * The individuals of generation g: the mean plus noise of deviation σ, independently in every hyperparameter, and moved to the edge of its domain
 * where that led out of it. (Outside, all would be the same, and the mean would drift off with nothing to call it back.) Each has a seed of its own,
 * since a method that draws from it would otherwise be tuned to one draw (Appendix E). All follows from the search's seed, g and the individual's number.
 */
export function individuals(
  seed: number,
  g: number,
  mean: Position,
  scales: Scales,
  { deviation: σ, population }: { readonly deviation: number; readonly population: number },
): readonly Individual[] {
  const generation = createRng(seed).split("generation").split(g);
  return Array.from({ length: population }, (_, i) => {
    const rng = generation.split(i);
    const position = Object.entries(mean).map(([key, z]) => [key, z + σ * rng.split("noise").split(key).normal()]);
    return { values: valuesAt(Object.fromEntries(position), scales), seed: freshSeed(rng.split("seed")) };
  });
}

/** Of 48 bits: among a thousand, the chance that two are the same is 2e-9. */
export const freshSeed = (rng: { integer(n: number): number }): number => rng.integer(2 ** 48);

/** What a trial's result says of its individual. */
export const fitnessOf = ({ score, divergedAt, stopped }: TrialResult, steps: number): Fitness => ({
  score: score !== null && Number.isFinite(score) ? score : null,
  reached: divergedAt ?? stopped?.at ?? steps,
});

/**
 * The better half of a generation, half of an odd number rounded up: indices in their order. Those that diverged or stopped come last and are left
 * out, however few are left. If there are no others, the half that held out longest is the better one. Of equals the first.
 */
export function betterHalf(fitnesses: readonly Fitness[]): readonly number[] {
  const indices = fitnesses.map((_, i) => i);
  const of = (i: number): Fitness => fitnesses[i] as Fitness;
  const finished = indices.filter((i) => of(i).score !== null);
  const ranked =
    finished.length > 0
      ? finished.sort((i, j) => (of(i).score as number) - (of(j).score as number))
      : indices.sort((i, j) => of(j).reached - of(i).reached);
  return ranked.slice(0, Math.ceil(fitnesses.length / 2)).sort((i, j) => i - j);
}

/** The mean of positions, coordinate by coordinate. */
export function meanOf(positions: readonly Position[]): Position {
  const keys = Object.keys(positions[0] ?? {});
  return Object.fromEntries(keys.map((key) => [key, positions.reduce((sum, at) => sum + (at[key] as number), 0) / positions.length]));
}
