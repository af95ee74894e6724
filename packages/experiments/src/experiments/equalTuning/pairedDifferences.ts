import { groupBy } from "../../groupBy.ts";
import { pairedDifference, type SeededScore } from "../pairedDifference.ts";
import type { Interval } from "../studentT.ts";

/** A run's loss, and of which optimizer; null if it has none. */
export interface NamedScore extends SeededScore {
  readonly name: string;
}

/** An optimizer's loss less LODO's, from the same seeds: positive where LODO is better. */
export interface Difference {
  readonly name: string;
  /** Null if no seed has a loss of both. */
  readonly interval: Interval | null;
}

/** Every other optimizer against LODO, by one loss of each run. */
export function pairedDifferences(scores: readonly NamedScore[]): readonly Difference[] {
  const lodo = scores.filter(({ name }) => name === "lodo");
  const others = groupBy(
    scores.filter(({ name }) => name !== "lodo"),
    ({ name }) => name,
  );
  return others.map((runs) => ({ name: runs[0]?.name ?? "", interval: pairedDifference(runs, lodo) }));
}

/** Who is better beyond the interval; null where it holds 0. */
export function whoIsBetter({ mean, half }: Interval): "lodo" | "other" | null {
  if (Math.abs(mean) <= half) return null;
  return mean > 0 ? "lodo" : "other";
}
