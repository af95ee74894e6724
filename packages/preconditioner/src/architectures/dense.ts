import { eye, type Matrix, scale } from "@lodo/tensor";
import { matrixOperator } from "../atoms.ts";
import { type Hyperparameter, rate } from "../hyperparameter.ts";
import { type Architecture, defineArchitecture } from "../preconditioner.ts";

/**
 * G(θ) = θ, a full matrix with θ₀ = α₀ I: the setting of the theory (Section 4.1), where the hypergradient is −g mᵀ. θ: [n, n]. Neither
 * symmetric nor positive in general. One application costs O(n²).
 */
export const dense: Architecture<Matrix, { readonly alpha0: Hyperparameter<number> }> = defineArchitecture({
  id: "dense",
  summary: "a full n × n matrix, the setting of the theory",
  reference: "Section 4.1",
  hyperparameters: { alpha0: rate(1, "α₀, initial learning rate") },
  cost: ({ dim: n }) => ({ parameters: n * n, multiplyAdds: n * n }),
  build: ({ dim: n, dtype, alpha0 }) => ({
    start: "exact",
    alpha0,
    init: () => scale(alpha0, eye(n, { dtype })),
    at: (θ) => matrixOperator(θ),
  }),
});
