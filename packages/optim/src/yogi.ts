import { complete, decay, type Hyperparameter, rate, type ValuesOf } from "@lodo/preconditioner";
import { add, div, map, mul, type Params, scale, sign, sqrt, sub, zerosLike } from "@lodo/tensor";
import { descend, type GradientTransform } from "./optimizer.ts";
import type { RegisteredOptimizer } from "./registry.ts";

export interface YogiState<P extends Params> {
  /** First and second moments of the gradient. */
  readonly mu: P;
  readonly nu: P;
}

const hyperparameters: {
  readonly learningRate: Hyperparameter<number>;
  readonly b1: Hyperparameter<number>;
  readonly b2: Hyperparameter<number>;
  readonly eps: Hyperparameter<number>;
} = {
  learningRate: rate(0.01, "η"),
  b1: decay(0.9, "β₁, decay of the first moment"),
  b2: decay(0.999, "β₂, decay of the second moment"),
  eps: rate(1e-3, "ε"),
};

/**
 * Yogi (Zaheer et al. 2018): ν moves towards g² by a step that does not grow with their distance. Moments start at 0 and are not bias-corrected,
 * as the paper ran it.
 */
export function yogi<P extends Params>(options: Partial<ValuesOf<typeof hyperparameters>> = {}): GradientTransform<P, YogiState<P>> {
  const { learningRate: η, b1: β1, b2: β2, eps: ε } = complete("yogi", hyperparameters, options);
  return {
    name: "yogi",
    init: (params) => ({ mu: map(zerosLike, params), nu: map(zerosLike, params) }),
    update(g, { mu: μ, nu: ν }) {
      const g2 = map((g) => mul(g, g), g);
      // μ ← β₁ μ + (1 − β₁) g
      const μNext = map((μ, g) => add(scale(β1, μ), scale(1 - β1, g)), μ, g);
      // ν ← ν − (1 − β₂) sign(ν − g²) g²
      const νNext = map((ν, g2) => sub(ν, scale(1 - β2, mul(sign(sub(ν, g2)), g2))), ν, g2);
      // Δ = −η μ/(√ν + ε)
      const Δ = map((μ, ν) => div(scale(-η, μ), add(sqrt(ν), ε)), μNext, νNext);
      return [Δ, { mu: μNext, nu: νNext }];
    },
  };
}

export const yogiOptimizer: RegisteredOptimizer = {
  id: "yogi",
  summary: "Adam with additive control of the second moment",
  reference: "Section 5; Zaheer et al. 2018",
  hyperparameters,
  tunable: ["learningRate", "b1", "b2"],
  create: (_, values) => descend(yogi(values)),
};
