import { complete, decay, type Hyperparameter, rate, type ValuesOf } from "@lodo/preconditioner";
import { add, map, type Params, scale, zerosLike } from "@lodo/tensor";
import { descend, type GradientTransform } from "./optimizer.ts";
import type { RegisteredOptimizer } from "./registry.ts";

export interface MomentumState<P extends Params> {
  /** v, the velocity. */
  readonly v: P;
}

const hyperparameters: { readonly learningRate: Hyperparameter<number>; readonly momentum: Hyperparameter<number> } = {
  learningRate: rate(0.01, "η"),
  momentum: decay(0.9, "μ, momentum decay"),
};

/** Heavy ball (Polyak 1964), as Keras has it: v ← μ v − η g, Δ = v. */
export function momentum<P extends Params>(
  options: Partial<ValuesOf<typeof hyperparameters>> = {},
): GradientTransform<P, MomentumState<P>> {
  const { learningRate: η, momentum: μ } = complete("momentum", hyperparameters, options);
  return {
    name: "momentum",
    init: (params) => ({ v: map(zerosLike, params) }),
    update(g, { v }) {
      // v ← μ v − η g
      const vNext = map((v, g) => add(scale(μ, v), scale(-η, g)), v, g);
      return [vNext, { v: vNext }];
    },
  };
}

export const momentumOptimizer: RegisteredOptimizer = {
  id: "momentum",
  summary: "heavy-ball momentum",
  reference: "Section 5; Polyak 1964",
  hyperparameters,
  tunable: ["learningRate", "momentum"],
  create: (_, values) => descend(momentum(values)),
};
