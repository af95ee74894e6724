import { type Interval, studentInterval } from "../studentT.ts";

/** Of the intervals. */
export const LEVEL = 0.95;

/** A run's loss; null if it has none. */
export interface SeededScore {
  readonly name: string;
  readonly seed: number;
  readonly score: number | null;
}

/** An optimizer's loss less LODO's, from the same seeds: positive where LODO is better. */
export interface Difference {
  readonly name: string;
  /** Null if no seed has a loss of both. */
  readonly interval: Interval | null;
}

/**
 * Every other optimizer against LODO, by one loss of each run. A seed is an initialisation and all the batches: two runs from the same seed share them,
 * and their difference is freer of noise than either loss.
 */
export function pairedDifferences(scores: readonly SeededScore[]): readonly Difference[] {
  const bySeed = (name: string): ReadonlyMap<number, number> =>
    new Map(scores.flatMap((run) => (run.name === name && run.score !== null ? [[run.seed, run.score] as const] : [])));
  const lodo = bySeed("lodo");
  const others = [...new Set(scores.map(({ name }) => name))].filter((name) => name !== "lodo");
  return others.map((name) => {
    const differences = [...bySeed(name)].flatMap(([seed, loss]) => {
      const its = lodo.get(seed);
      return its === undefined ? [] : [loss - its];
    });
    return { name, interval: studentInterval(differences, LEVEL) };
  });
}

/** `+0.0123 ± 0.0045`; of one pair the difference alone. */
export function describeInterval({ mean, half }: Interval): string {
  const sign = mean < 0 ? "−" : "+";
  const size = Math.abs(mean).toPrecision(3);
  return Number.isFinite(half) ? `${sign}${size} ± ${half.toPrecision(2)}` : `${sign}${size}`;
}

/** Who is better beyond the interval; null where it holds 0. */
export function whoIsBetter({ mean, half }: Interval): "lodo" | "other" | null {
  if (Math.abs(mean) <= half) return null;
  return mean > 0 ? "lodo" : "other";
}
