import { complete, type Hyperparameter, rate, type ValuesOf } from "@lodo/preconditioner";
import { map, type Params, scale } from "@lodo/tensor";
import { descend, type GradientTransform } from "./optimizer.ts";
import type { RegisteredOptimizer } from "./registry.ts";

const hyperparameters: { readonly learningRate: Hyperparameter<number> } = { learningRate: rate(0.01, "η") };

/** Gradient descent: Δ = −η g. */
export function sgd<P extends Params>(options: Partial<ValuesOf<typeof hyperparameters>> = {}): GradientTransform<P, null> {
  const { learningRate: η } = complete("sgd", hyperparameters, options);
  return { name: "sgd", init: () => null, update: (g) => [map((g) => scale(-η, g), g), null] };
}

export const sgdOptimizer: RegisteredOptimizer = {
  id: "sgd",
  summary: "stochastic gradient descent",
  reference: "Section 4.1",
  hyperparameters,
  tunable: ["learningRate"],
  create: (_, values) => descend(sgd(values)),
};
