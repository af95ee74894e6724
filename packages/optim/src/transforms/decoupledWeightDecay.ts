import { complete, type Hyperparameter, rate, type ValuesOf } from "@lodo/preconditioner";
import { map, type Params, scale, sub } from "@lodo/tensor";
import type { GradientTransform } from "../optimizer.ts";

const options: { readonly weightDecay: Hyperparameter<number> } = { weightDecay: rate(1e-4, "λ, share of x that a step takes away") };

/**
 * Weight decay decoupled from the gradient (Loshchilov & Hutter 2019, Algorithm 2): Δ ← Δ − λ x. It stands after the method, whose moments do not
 * see it, and before a schedule, which scales both. λ is the whole share: libraries that multiply it by the learning rate η call λ/η the decay.
 */
export function decoupledWeightDecay<P extends Params>(given: Partial<ValuesOf<typeof options>> = {}): GradientTransform<P, null> {
  const { weightDecay: λ } = complete("decoupledWeightDecay", options, given);
  return { name: "decoupledWeightDecay", init: () => null, update: (Δ, _, x) => [map((Δ, x) => sub(Δ, scale(λ, x)), Δ, x), null] };
}
