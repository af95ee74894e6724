import { complete, type Hyperparameter, rate, type ValuesOf } from "@lodo/preconditioner";
import { add, map, type Params, scale } from "@lodo/tensor";
import type { GradientTransform } from "../optimizer.ts";

const options: { readonly weightDecay: Hyperparameter<number> } = { weightDecay: rate(1e-4, "λ, weight of ½‖x‖²") };

/** The gradient of ℓ(x) + ½ λ ‖x‖²: g ← g + λ x. It stands before the method, whose moments then see it. */
export function l2Penalty<P extends Params>(given: Partial<ValuesOf<typeof options>> = {}): GradientTransform<P, null> {
  const { weightDecay: λ } = complete("l2Penalty", options, given);
  return { name: "l2Penalty", init: () => null, update: (g, _, x) => [map((g, x) => add(g, scale(λ, x)), g, x), null] };
}
