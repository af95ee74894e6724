import { type Interval, studentInterval } from "./studentT.ts";

/** Of the intervals. */
export const LEVEL = 0.95;

/** A run's loss; null if it has none. */
export interface SeededScore {
  readonly seed: number;
  readonly score: number | null;
}

/**
 * What some runs lose more than others from the same seeds. A seed is a start and all draws: two runs from the same seed share them, and their difference
 * is freer of noise than either loss. Null if no seed has a loss of both.
 */
export function pairedDifference(some: readonly SeededScore[], others: readonly SeededScore[]): Interval | null {
  const lossOf = new Map(others.map(({ seed, score }) => [seed, score]));
  const differences = some.flatMap(({ seed, score }) => {
    const other = lossOf.get(seed) ?? null;
    return score === null || other === null ? [] : [score - other];
  });
  return studentInterval(differences, LEVEL);
}

/** `+0.0123 ± 0.0045`; of one pair the difference alone. */
export function describeInterval({ mean, half }: Interval): string {
  const sign = mean < 0 ? "−" : "+";
  const size = Math.abs(mean).toPrecision(3);
  return Number.isFinite(half) ? `${sign}${size} ± ${half.toPrecision(2)}` : `${sign}${size}`;
}
