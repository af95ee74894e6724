import type { Verdict } from "../experiment.ts";
import { atMostAbove } from "../imageGeneration/comparison.ts";
import { describeInterval, LEVEL } from "../pairedDifference.ts";
import { summarize } from "../row.ts";
import { type Difference, type NamedScore, pairedDifferences, whoIsBetter } from "./pairedDifferences.ts";
import { variants } from "./tunedAlike.ts";

const show = (of: string, differences: readonly Difference[]): string => {
  const each = differences.map(({ name, interval }) =>
    interval ? `${name} ${describeInterval(interval)}` : `${name} without a pair of runs`,
  );
  return `${of} ${each.length === 0 ? "none" : each.join(", ")}`;
};

const list = (names: readonly string[]): string => names.join(", ") || "none";

const namesOf = (differences: readonly Difference[]): string => list(differences.map(({ name }) => name));

/** Who is better than the other beyond the interval. */
const better = (who: "lodo" | "other", among: readonly Difference[]): readonly Difference[] =>
  among.filter(({ interval }) => interval !== null && whoIsBetter(interval) === who);

/** Could LODO's loss be more than a competitor's above this rival's, for all that the interval says? */
const mayBeFarAbove =
  (lodosLoss: number) =>
  ({ interval }: Difference): boolean =>
    interval !== null && lodosLoss > (1 + atMostAbove) * (lodosLoss + interval.mean - interval.half);

/**
 * Is LODO competitive with every rival, and every variant worse than it, both beyond what the intervals leave open? A component contributes where LODO
 * without it is worse; a variant that diverges is. Each of these has to hold, so that none of the intervals need be wider for there being several.
 */
export function verdictOn(scores: readonly NamedScore[]): Verdict {
  const lodosLoss = summarize(scores.flatMap(({ name, score }) => (name === "lodo" ? (score ?? []) : []))).mean;
  if (lodosLoss === null) return { holds: false, words: "lodo has no result." };
  const differences = pairedDifferences(scores);
  const ablated = differences.filter(({ name }) => variants.includes(name));
  const rivals = differences.filter((difference) => !ablated.includes(difference));
  const farAbove = rivals.filter(mayBeFarAbove(lodosLoss));
  const worse = [...better("lodo", ablated), ...ablated.filter(({ interval }) => interval === null)];
  const missing = variants.filter((variant) => !ablated.some(({ name }) => name === variant));
  const words = [
    `in training loss less LODO's, paired by seed, with ${100 * LEVEL}% intervals: ${show("rivals", rivals)}; ${show("variants", ablated)}.`,
    `Better than LODO beyond the interval: ${namesOf(better("other", differences))}.`,
    `To be competitive is taken as to be at most ${100 * atMostAbove}% above a rival, wherever in the interval the truth lies; that is not shown against: ${namesOf(farAbove)}.`,
    `Variants worse than LODO beyond the interval, or diverged: ${namesOf(worse)}. Variants without runs: ${list(missing)}.`,
  ];
  return {
    holds: rivals.length > 0 && farAbove.length === 0 && worse.length === variants.length,
    words: words.join(" "),
  };
}
