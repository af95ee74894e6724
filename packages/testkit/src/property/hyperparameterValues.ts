import type { Domain, Hyperparameter, Hyperparameters } from "@lodo/preconditioner";
import { type Arbitrary, constant, constantFrom, integer, oneof, record } from "fast-check";

/** Hyperparameters by name; those left out take their defaults. */
export type Values = Readonly<Record<string, number | string>>;

/** Values around the default, which is also what they shrink to: rates from 1/8 to 8 times it, decays in 32nds, counts from the least up. */
function valuesIn({ default: otherwise, domain }: Hyperparameter): Arbitrary<number | string> {
  switch (domain.kind) {
    case "rate":
      return integer({ min: -7, max: 56 }).map((i) => ((otherwise as number) * (8 + i)) / 8);
    case "decay":
      return integer({ min: 0, max: 31 }).map((i) => i / 32);
    case "count":
      return integer({ min: domain.min, max: domain.min + 6 });
    case "choice":
      return constantFrom(...domain.choices);
  }
}

/**
 * Values inside their domains: all numbers at once, or one choice with everything else at its default, because other options may mean
 * something under the default choice only.
 */
export function drawnValues(hyperparameters: Hyperparameters): Arbitrary<Values> {
  const entries = Object.entries(hyperparameters);
  const isChoice = ([, { domain }]: [string, Hyperparameter]): boolean => domain.kind === "choice";
  const numeric = entries.filter((entry) => !isChoice(entry)).map(([key, h]) => [key, valuesIn(h)] as const);
  const numbers: Arbitrary<Values> = numeric.length === 0 ? constant({}) : record(Object.fromEntries(numeric));
  const choices = entries.filter(isChoice).map(([key, h]) => record({ [key]: valuesIn(h) }));
  return choices.length === 0 ? numbers : oneof({ weight: 3, arbitrary: numbers }, ...choices);
}

/** All counts at their least, and a few above it: the edges of a method's structure. */
export function edgeValues(hyperparameters: Hyperparameters): readonly Values[] {
  const counts = Object.entries(hyperparameters).flatMap(([key, { domain }]) => (domain.kind === "count" ? [[key, domain.min] as const] : []));
  if (counts.length === 0) return [{}];
  return [0, 1, 3, 5].map((above) => Object.fromEntries(counts.map(([key, min]) => [key, min + above])));
}

const notNumbers: readonly unknown[] = [null, true, [], {}];

/** Values that a domain does not admit. */
export function outside(domain: Domain): readonly unknown[] {
  switch (domain.kind) {
    case "rate":
      return [0, -0, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, "1", ...notNumbers];
    case "decay":
      return [1, 1.5, -0.1, Number.NaN, Number.POSITIVE_INFINITY, "0.5", ...notNumbers];
    case "count":
      return [domain.min - 1, domain.min + 0.5, Number.NaN, Number.POSITIVE_INFINITY, `${domain.min}`, ...notNumbers];
    case "choice":
      return ["", "no such choice", "toString", 0, Number.NaN, ...notNumbers];
  }
}
