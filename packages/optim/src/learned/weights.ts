import { complete, count } from "@lodo/preconditioner";
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

const shape = { layers: count(2, 1, "layers"), hidden: count(20, 1, "units of a layer") };

/**
 * Weights to begin meta-training from, as Andrychowicz et al. have them: two layers of 20 units.
 * @throws ArgumentError unless there is at least one of both.
 */
export function l2lbgdbgdWeights(rng: Rng, options: { readonly layers?: number; readonly hidden?: number } = {}): L2lbgdbgdWeights {
  const { layers, hidden: m } = complete("l2lbgdbgdWeights", shape, options);
  const inputs = (l: number): number => (l === 0 ? 2 : m);
  const r = 1 / Math.sqrt(m);
  return {
    layers: Array.from({ length: layers }, (_, l) => lstmWeights(rng.split(l), inputs(l), m)),
    output: { w: symmetric(r, uniform(rng.split("w"), [m])), b: symmetric(r, uniform(rng.split("b"), [1])) },
  };
}
