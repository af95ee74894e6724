import { ArgumentError } from "@lodo/tensor";

/** Where a value may lie, and the scale on which it varies naturally. */
export type Domain =
  /** A positive number, varied in log space: learning rates, scales. */
  | { readonly kind: "rate" }
  /** A number in [0, 1), varied in log(1 − β): momentum and averaging decays. */
  | { readonly kind: "decay" }
  /** An integer, at least `min`. */
  | { readonly kind: "count"; readonly min: number }
  /** One of some names. */
  | { readonly kind: "choice"; readonly choices: readonly string[] };

/** What a method can be tuned by. */
export interface Hyperparameter<T extends number | string = number | string> {
  readonly default: T;
  readonly domain: Domain;
  /** What it is, in a few words, with its symbol in the paper. */
  readonly about: string;
}

export type Hyperparameters = Readonly<Record<string, Hyperparameter>>;

/** The values that a set of hyperparameters takes. */
export type ValuesOf<H extends Hyperparameters> = { readonly [K in keyof H]: H[K] extends Hyperparameter<infer T> ? T : never };

export const rate = (value: number, about: string): Hyperparameter<number> => ({ default: value, domain: { kind: "rate" }, about });
export const decay = (value: number, about: string): Hyperparameter<number> => ({ default: value, domain: { kind: "decay" }, about });
export const count = (value: number, min: number, about: string): Hyperparameter<number> => ({
  default: value,
  domain: { kind: "count", min },
  about,
});
export const choice = (value: string, choices: readonly string[], about: string): Hyperparameter<string> => ({
  default: value,
  domain: { kind: "choice", choices },
  about,
});

/** What a domain admits, in words. */
export function describeDomain(domain: Domain): string {
  switch (domain.kind) {
    case "rate":
      return "a finite number above 0";
    case "decay":
      return "a number in [0, 1)";
    case "count":
      return `an integer of at least ${domain.min}`;
    case "choice":
      return `one of ${domain.choices.join(", ")}`;
  }
}

export function admits(domain: Domain, value: number | string): boolean {
  if (domain.kind === "choice") return typeof value === "string" && domain.choices.includes(value);
  if (typeof value !== "number") return false;
  if (domain.kind === "rate") return value > 0 && Number.isFinite(value);
  if (domain.kind === "decay") return value >= 0 && value < 1;
  return Number.isSafeInteger(value) && value >= domain.min;
}

/**
 * Every value of a set of hyperparameters: those given, and the defaults of the rest.
 * @throws ArgumentError naming the method, the hyperparameter, its domain and what was given.
 */
export function complete<H extends Hyperparameters>(op: string, hyperparameters: H, given: Readonly<Record<string, unknown>>): ValuesOf<H> {
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(hyperparameters, key));
  if (unknown !== undefined) {
    const known = Object.keys(hyperparameters);
    throw new ArgumentError(op, `has no option "${unknown}"; its options are ${known.length === 0 ? "none" : known.join(", ")}`);
  }
  const values = Object.entries(hyperparameters).map(([key, { default: otherwise, domain }]) => {
    const value = given[key] === undefined ? otherwise : given[key];
    if ((typeof value !== "number" && typeof value !== "string") || !admits(domain, value)) {
      throw new ArgumentError(op, `${key} must be ${describeDomain(domain)}, got ${show(value)}`);
    }
    return [key, value];
  });
  return Object.fromEntries(values) as ValuesOf<H>;
}

/** A value as its author would write it. */
function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return Array.isArray(value) ? `[${value.map(show).join(", ")}]` : String(value);
}
