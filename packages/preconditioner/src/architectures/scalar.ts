import { type Scalar, scalar as scalarTensor } from "@lodo/tensor";
import { scale } from "../algebra.ts";
import { diagonalOperator } from "../atoms.ts";
import { type Hyperparameter, rate } from "../hyperparameter.ts";
import { type Architecture, defineArchitecture } from "../preconditioner.ts";

/** LODO-Global: G(θ) = α₀ θ I, θ₀ = 1. θ: []. Symmetric; positive only while θ is. One application costs O(n). */
export const scalar: Architecture<Scalar, { readonly alpha0: Hyperparameter<number> }> = defineArchitecture({
  id: "scalar",
  summary: "one learning rate for all coordinates",
  reference: "Section 5.3.2, LODO-Global",
  hyperparameters: { alpha0: rate(1, "α₀, initial learning rate") },
  cost: ({ dim: n }) => ({ parameters: 1, multiplyAdds: 2 * n }),
  build: ({ dim: n, dtype, alpha0 }) => ({
    start: "exact",
    alpha0,
    init: () => scalarTensor(1, { dtype }),
    at: (θ) => scale(alpha0, diagonalOperator(n, θ)),
  }),
});
