import type { Domain, Hyperparameter, Hyperparameters } from "@lodo/preconditioner";
import { type Arbitrary, constant, constantFrom, integer, record } from "fast-check";

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

/** The hyperparameters of a method, and which others there are once some values are given, where a choice decides that. */
export interface Tunable {
  readonly hyperparameters: Hyperparameters;
  hyperparametersWith?(values: Values): Hyperparameters;
}

const isChoice = ([, { domain }]: [string, Hyperparameter]): boolean => domain.kind === "choice";

/** Those that there are after the choices made. */
export const hyperparametersGiven = (method: Tunable, values: Values): Hyperparameters =>
  method.hyperparametersWith?.(values) ?? method.hyperparameters;

/** Values inside their domains: first the choices, one after the other, then the numbers that there are after these choices. */
export function drawnValues(method: Tunable): Arbitrary<Values> {
  const withChoices = (chosen: Values): Arbitrary<Values> => {
    const next = Object.entries(hyperparametersGiven(method, chosen)).find(([key, h]) => !(key in chosen) && isChoice([key, h]));
    return next ? drawn([next]).chain((value) => withChoices({ ...chosen, ...value })) : constant(chosen);
  };
  return withChoices({}).chain((chosen) => {
    const all = hyperparametersGiven(method, chosen);
    const choices = Object.fromEntries(Object.entries(chosen).filter(([key]) => key in all));
    return drawn(Object.entries(all).filter((entry) => !isChoice(entry))).map((numbers) => ({ ...choices, ...numbers }));
  });
}

const drawn = (entries: readonly [string, Hyperparameter][]): Arbitrary<Values> =>
  record(Object.fromEntries(entries.map(([key, h]) => [key, valuesIn(h)])));

/** The edges of a method's structure: all counts at their least and a few above it, and every choice once. */
export function edgeValues({ hyperparameters }: Tunable): readonly Values[] {
  const entries = Object.entries(hyperparameters);
  const least = entries.flatMap(([key, { domain }]) => (domain.kind === "count" ? [[key, domain.min] as const] : []));
  const counts = least.length === 0 ? [] : [0, 1, 3, 5].map((above) => Object.fromEntries(least.map(([key, min]) => [key, min + above])));
  const choices = entries.flatMap(([key, { domain }]) => (domain.kind === "choice" ? domain.choices.map((name) => ({ [key]: name })) : []));
  return [{}, ...counts, ...choices];
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
