import { ones, type Vector } from "@lodo/tensor";
import { scale } from "../algebra.ts";
import { diagonalOperator } from "../atoms.ts";
import { type Hyperparameter, rate } from "../hyperparameter.ts";
import { type Architecture, defineArchitecture } from "../preconditioner.ts";

/** LODO-Diagonal: G(θ) = α₀ diag(θ), θ₀ = 1. θ: [n]. Symmetric; positive only while θ is. One application costs O(n). */
export const diagonal: Architecture<Vector, { readonly alpha0: Hyperparameter<number> }> = defineArchitecture({
  id: "diagonal",
  summary: "a learning rate for each coordinate",
  reference: "Section 5.3.2, LODO-Diagonal",
  hyperparameters: { alpha0: rate(1, "α₀, initial learning rate") },
  cost: ({ dim: n }) => ({ parameters: n, multiplyAdds: 2 * n }),
  build: ({ dim: n, dtype, alpha0 }) => ({
    start: "exact",
    alpha0,
    init: () => ones([n], { dtype }),
    at: (θ) => scale(alpha0, diagonalOperator(n, θ)),
  }),
});
