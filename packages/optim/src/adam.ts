import { complete, decay, type Hyperparameter, rate, type ValuesOf } from "@lodo/preconditioner";
import { add, div, map, mul, type Params, scale, sqrt, zerosLike } from "@lodo/tensor";
import { descend, type GradientTransform } from "./optimizer.ts";
import type { RegisteredOptimizer } from "./registry.ts";

export interface AdamState<P extends Params> {
  /** First and second moments of the gradient. */
  readonly mu: P;
  readonly nu: P;
  /** β₁ᵗ and β₂ᵗ after t steps. */
  readonly b1t: number;
  readonly b2t: number;
}

export const adamHyperparameters: {
  readonly learningRate: Hyperparameter<number>;
  readonly b1: Hyperparameter<number>;
  readonly b2: Hyperparameter<number>;
  readonly eps: Hyperparameter<number>;
} = {
  learningRate: rate(0.001, "η"),
  b1: decay(0.9, "β₁, decay of the first moment"),
  b2: decay(0.999, "β₂, decay of the second moment"),
  eps: rate(1e-7, "ε"),
};

/**
 * Adam (Kingma & Ba 2015) as Keras has it: bias correction in the step size and ε outside the root,
 * Δ = −η √(1 − β₂ᵗ)/(1 − β₁ᵗ) · μ/(√ν + ε).
 */
export function adam<P extends Params>(options: Partial<ValuesOf<typeof adamHyperparameters>> = {}): GradientTransform<P, AdamState<P>> {
  const { learningRate: η, b1: β1, b2: β2, eps: ε } = complete("adam", adamHyperparameters, options);
  return {
    name: "adam",
    init: (params) => ({ mu: map(zerosLike, params), nu: map(zerosLike, params), b1t: 1, b2t: 1 }),
    update(g, { mu: μ, nu: ν, b1t, b2t }) {
      const [β1ᵗ, β2ᵗ] = [b1t * β1, b2t * β2];
      // μ ← β₁ μ + (1 − β₁) g
      const μNext = map((μ, g) => add(scale(β1, μ), scale(1 - β1, g)), μ, g);
      // ν ← β₂ ν + (1 − β₂) g²
      const νNext = map((ν, g) => add(scale(β2, ν), scale(1 - β2, mul(g, g))), ν, g);
      // Δ = −η √(1 − β₂ᵗ)/(1 − β₁ᵗ) · μ/(√ν + ε)
      const step = (-η * Math.sqrt(1 - β2ᵗ)) / (1 - β1ᵗ);
      const Δ = map((μ, ν) => div(scale(step, μ), add(sqrt(ν), ε)), μNext, νNext);
      return [Δ, { mu: μNext, nu: νNext, b1t: β1ᵗ, b2t: β2ᵗ }];
    },
  };
}

export const adamOptimizer: RegisteredOptimizer = {
  id: "adam",
  summary: "adaptive moments",
  reference: "Section 5; Kingma & Ba 2015, as in Keras",
  hyperparameters: adamHyperparameters,
  tunable: ["learningRate", "b1", "b2"],
  create: (_, values) => descend(adam(values)),
};
