import { createRng, type Rng } from "@lodo/tensor";
import type { Values } from "../tunedValues.ts";

/** The same values moved a little, each by its own draw, uniform on ±`radius(key, value)`. */
function moved(values: Values, radius: (key: string, value: number) => number, rng: Rng): Values {
  const entries = Object.entries(values).map(([key, value]) => {
    if (typeof value !== "number") return [key, value] as const;
    return [key, value + (2 * rng.split(key).uniform() - 1) * radius(key, value)] as const;
  });
  return Object.fromEntries(entries);
}

/** A point that prints as these values do: each within half a unit of its last decimal. Which point, the seed says. */
export const withinRounding = (values: Values, decimals: Readonly<Record<string, number>>, seed: number): Values =>
  moved(values, (key) => 0.5 * Number(`1e-${decimals[key] ?? 16}`), createRng(seed).split("rounding"));

/** Every value changed by at most the fraction ε of itself. */
export const perturbed = (values: Values, ε: number, seed: number): Values =>
  moved(values, (_, value) => ε * value, createRng(seed).split("perturbation"));
