import { cast, map, type Rng, uniform, type Vector } from "@lodo/tensor";
import { deserialize } from "../serialize.ts";
import { type LstmWeights, lstmWeights, symmetric } from "./lstm.ts";
import { trained } from "./trainedWeights.ts";

/** φ, what meta-training learns: the layers of m units, and how a step is read from the last of them. */
export type L2lbgdbgdWeights = {
  readonly layers: readonly LstmWeights[];
  /** w, [m], and b, [1] */
  readonly output: { readonly w: Vector; readonly b: Vector };
};

/** The weights that were trained on noisy quadratic bowls, as trainedWeights.ts says. */
export function trainedWeights(): L2lbgdbgdWeights {
  const bytes = Uint8Array.from(atob(trained.weights.join("")), (character) => character.charCodeAt(0));
  return map((t) => cast(t, "float64"), deserialize(bytes) as L2lbgdbgdWeights);
}

/** Weights to begin meta-training from, as Andrychowicz et al. have them: two layers of 20 units. */
export function l2lbgdbgdWeights(
  rng: Rng,
  { layers = 2, hidden: m = 20 }: { readonly layers?: number; readonly hidden?: number } = {},
): L2lbgdbgdWeights {
  const inputs = (l: number): number => (l === 0 ? 2 : m);
  const r = 1 / Math.sqrt(m);
  return {
    layers: Array.from({ length: layers }, (_, l) => lstmWeights(rng.split(l), inputs(l), m)),
    output: { w: symmetric(r, uniform(rng.split("w"), [m])), b: symmetric(r, uniform(rng.split("b"), [1])) },
  };
}
