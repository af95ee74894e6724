import { complete, decay, type Hyperparameter, rate, type ValuesOf } from "@lodo/preconditioner";
import { add, div, map, mul, neg, type Params, scale, sqrt, zerosLike } from "@lodo/tensor";
import { descend, type GradientTransform } from "./optimizer.ts";
import type { RegisteredOptimizer } from "./registry.ts";

export interface RmspropState<P extends Params> {
  /** s, the running mean of squared gradients. */
  readonly s: P;
  /** v, the velocity. */
  readonly v: P;
}

const hyperparameters: {
  readonly learningRate: Hyperparameter<number>;
  readonly rho: Hyperparameter<number>;
  readonly momentum: Hyperparameter<number>;
  readonly eps: Hyperparameter<number>;
} = {
  learningRate: rate(0.001, "η"),
  rho: decay(0.9, "ρ, decay of the squared gradients"),
  momentum: decay(0, "μ, momentum decay"),
  eps: rate(1e-7, "ε"),
};

/** RMSprop with momentum, as Keras has it: s ← ρ s + (1 − ρ) g², v ← μ v + η g/√(s + ε), Δ = −v. The ε stands under the root. */
export function rmsprop<P extends Params>(options: Partial<ValuesOf<typeof hyperparameters>> = {}): GradientTransform<P, RmspropState<P>> {
  const { learningRate: η, rho: ρ, momentum: μ, eps: ε } = complete("rmsprop", hyperparameters, options);
  return {
    name: "rmsprop",
    init: (params) => ({ s: map(zerosLike, params), v: map(zerosLike, params) }),
    update(g, { s, v }) {
      // s ← ρ s + (1 − ρ) g²
      const sNext = map((s, g) => add(scale(ρ, s), scale(1 - ρ, mul(g, g))), s, g);
      // v ← μ v + η g/√(s + ε)
      const vNext = map((v, g, s) => add(scale(μ, v), div(scale(η, g), sqrt(add(s, ε)))), v, g, sNext);
      return [map(neg, vNext), { s: sNext, v: vNext }];
    },
  };
}

export const rmspropOptimizer: RegisteredOptimizer = {
  id: "rmsprop",
  summary: "RMSprop with momentum",
  reference: "Section 5; Hinton 2012, as in Keras",
  hyperparameters,
  tunable: ["learningRate", "rho", "momentum"],
  create: (_, values) => descend(rmsprop(values)),
};
