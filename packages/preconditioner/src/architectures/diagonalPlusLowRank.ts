import { type Matrix, normal, ones, scale as scaleTensor, transpose, type Vector } from "@lodo/tensor";
import { gram, scale, sum } from "../algebra.ts";
import { diagonalOperator, matrixOperator } from "../atoms.ts";
import { count, type Hyperparameter, rate } from "../hyperparameter.ts";
import { type Architecture, defineArchitecture } from "../preconditioner.ts";

/** d: [n], U: [n, r] */
type DiagonalPlusLowRank = { readonly d: Vector; readonly U: Matrix };

/**
 * G(θ) = α₀ (diag(d)² + U Uᵀ): a learning rate for each coordinate and r directions of their own. Symmetric positive semi-definite for every θ = (d, U).
 * d₀ = 1, and U₀ is small (entries N(0, 0.01/n)) but not 0, where its hypergradient would vanish. One application costs O(n r).
 */
export const diagonalPlusLowRank: Architecture<
  DiagonalPlusLowRank,
  { readonly rank: Hyperparameter<number>; readonly alpha0: Hyperparameter<number> }
> = defineArchitecture({
  id: "diagonal-plus-low-rank",
  summary: "a squared diagonal plus the Gram matrix of r directions",
  reference: "Section 4.3, corollaries",
  hyperparameters: { rank: count(8, 0, "r, number of directions"), alpha0: rate(1, "α₀, initial learning rate") },
  cost: ({ dim: n, rank: r }) => ({ parameters: n + n * r, multiplyAdds: 3 * n + 2 * n * r }),
  build: ({ dim: n, dtype, rank: r, alpha0 }) => ({
    start: "approximate",
    alpha0,
    init: (rng) => ({ d: ones([n], { dtype }), U: scaleTensor(0.1 / Math.sqrt(n), normal(rng, [n, r], { dtype })) }),
    at: ({ d, U }) => scale(alpha0, sum(gram(diagonalOperator(n, d)), gram(matrixOperator(transpose(U))))),
  }),
});
