import type { Values } from "../tunedValues.ts";

/** How a configuration is compared. */
interface Comparison<C> {
  /** What it is at all. */
  kind(configuration: C): Values;
  /** Everything that bears on its results. */
  flat(configuration: C): Values;
}

/**
 * One line for each thing in which two configurations differ, with both sides: `seed: 0 there, 1 here`. Of another task or optimizer they differ in kind
 * alone: their options have nothing to do with each other.
 */
export function differences<C extends { readonly task: string; readonly optimizer: string }>(
  there: C,
  here: C,
  { kind, flat }: Comparison<C>,
): readonly string[] {
  const side = there.task === here.task && there.optimizer === here.optimizer ? flat : kind;
  const [a, b] = [side(there), side(here)];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((key) => !Object.is(a[key], b[key]))
    .map((key) => `${key}: ${a[key] ?? "nothing"} there, ${b[key] ?? "nothing"} here`);
}

/** Options as `task.dim`. */
export const prefixed = (prefix: string, options: Values): Values =>
  Object.fromEntries(Object.entries(options).map(([key, value]) => [`${prefix}.${key}`, value]));
