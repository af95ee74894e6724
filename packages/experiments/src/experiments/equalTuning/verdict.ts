import type { Verdict } from "../experiment.ts";
import { type Difference, describeInterval, LEVEL, whoIsBetter } from "./pairedDifferences.ts";

const isVariant = ({ name }: Difference): boolean => name.startsWith("lodo-");

const show = (of: string, differences: readonly Difference[]): string => {
  const each = differences.map(({ name, interval }) =>
    interval ? `${name} ${describeInterval(interval)}` : `${name} without a pair of runs`,
  );
  return `${of} ${each.length === 0 ? "none" : each.join(", ")}`;
};

const namesOf = (differences: readonly Difference[]): string => differences.map(({ name }) => name).join(", ") || "none";

/**
 * Is no rival, and no variant of LODO, better than it beyond the interval, and every variant worse? A component contributes where LODO without it is
 * worse; a variant that diverges is.
 */
export function verdictOn(differences: readonly Difference[]): Verdict {
  const [variants, rivals] = [differences.filter(isVariant), differences.filter((difference) => !isVariant(difference))];
  const better = (who: "lodo" | "other", among: readonly Difference[]): readonly Difference[] =>
    among.filter(({ interval, pairs }) => interval !== null && pairs > 1 && whoIsBetter(interval) === who);
  const ahead = better("other", differences);
  const worse = [...better("lodo", variants), ...variants.filter(({ interval }) => interval === null)];
  const compared = differences.some(({ pairs }) => pairs > 1);
  const words = [
    `in training loss less LODO's, paired by seed, with ${100 * LEVEL}% intervals: ${show("rivals", rivals)}; ${show("variants", variants)}.`,
    `Better than LODO beyond the interval: ${namesOf(ahead)}. Variants worse than LODO beyond it: ${namesOf(worse)}.`,
  ];
  return { holds: compared && ahead.length === 0 && worse.length === variants.length, words: words.join(" ") };
}
