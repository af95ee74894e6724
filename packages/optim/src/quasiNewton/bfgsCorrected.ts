import { complete, type Hyperparameter, rate, type ValuesOf } from "@lodo/preconditioner";
import type { Optimizer } from "../optimizer.ts";
import type { RegisteredOptimizer } from "../registry.ts";
import { type DenseMatrix, denseMatrix } from "./denseMatrix.ts";
import { positiveCurvature } from "./pair.ts";
import { type SameDrawState, sameDraw } from "./sameDraw.ts";
import { newestPair } from "./scaling.ts";

const hyperparameters: { readonly learningRate: Hyperparameter<number>; readonly epsilon: Hyperparameter<number> } = {
  learningRate: rate(1, "η, the same for every step"),
  epsilon: rate(1e-10, "ε, scale of the first step"),
};

/**
 * BFGS with a dense H for losses drawn anew at every step: both gradients of a step on one draw, pairs of no positive curvature skipped, and the
 * matrix that the first pair updates scaled by it (Nocedal & Wright 2006, equation 6.20). H₀ = ε I until there is a pair.
 */
export function bfgsCorrected(options: Partial<ValuesOf<typeof hyperparameters>> = {}): Optimizer<SameDrawState<DenseMatrix>> {
  const { learningRate: η, epsilon: ε } = complete("bfgs-corrected", hyperparameters, options);
  const inverseHessian = denseMatrix({ guard: positiveCurvature, scaling: newestPair, gamma0: ε });
  return sameDraw("bfgs-corrected", { inverseHessian, rate: () => η });
}

export const bfgsCorrectedOptimizer: RegisteredOptimizer = {
  id: "bfgs-corrected",
  summary: "dense BFGS with both gradients of a step on one draw and a curvature guard",
  reference: "Broyden 1970; Nocedal & Wright 2006, Section 6.1",
  hyperparameters,
  tunable: ["learningRate"],
  create: (_, values) => bfgsCorrected(values),
};
