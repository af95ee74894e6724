import { complete, decay, type Hyperparameter, rate, type ValuesOf } from "@lodo/preconditioner";
import { add, div, fusedValues, map, mapTo, mul, type Params, type Strided, scale, sqrt, type Tensor, zerosLike } from "@lodo/tensor";
import { type AdamConstants, adamKernel } from "./adamKernel.ts";
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

type AdamStep = readonly [Δ: Tensor, μ: Tensor, ν: Tensor];

/** One step on one tensor: in ops where it is differentiated, in one pass elsewhere. */
const adamStep: (constants: AdamConstants, g: Tensor, μ: Tensor, ν: Tensor) => AdamStep = fusedValues<AdamConstants, AdamStep>({
  name: "adam",
  definition: ({ b1: β1, b2: β2, step, eps: ε }, ...ins) => {
    const [g, μ, ν] = ins as [Tensor, Tensor, Tensor];
    // μ ← β₁ μ + (1 − β₁) g
    const μNext = add(scale(β1, μ), scale(1 - β1, g));
    // ν ← β₂ ν + (1 − β₂) g²
    const νNext = add(scale(β2, ν), scale(1 - β2, mul(g, g)));
    // Δ = step · μ/(√ν + ε)
    return [div(scale(step, μNext), add(sqrt(νNext), ε)), μNext, νNext];
  },
  forward: (constants, g, μ, ν) => adamKernel(constants, g as Strided, μ as Strided, ν as Strided),
});

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
      // Δ = −η √(1 − β₂ᵗ)/(1 − β₁ᵗ) · μ/(√ν + ε)
      const step = (-η * Math.sqrt(1 - β2ᵗ)) / (1 - β1ᵗ);
      const constants = { b1: β1, b2: β2, step, eps: ε };
      const [Δ, μNext, νNext] = mapTo<P, AdamStep>(3, (g, μ, ν) => adamStep(constants, g as Tensor, μ as Tensor, ν as Tensor), g, μ, ν);
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
