import { type Matrix, normal, ones, scale as scaleTensor, type Vector } from "@lodo/tensor";
import { compose, congruence, scale } from "../algebra.ts";
import { diagonalOperator, embed } from "../atoms.ts";
import { count, type Hyperparameter, rate } from "../hyperparameter.ts";
import { checkPermutations, uniformPermutations } from "../permutations.ts";
import { type Architecture, defineArchitecture } from "../preconditioner.ts";
import { residualChain } from "../residualChain.ts";

/** W: [N, ñ], D: [ñ] */
type Residuals = { readonly W: Matrix; readonly D: Vector };

/**
 * LODO-Residuals, Section 5.3.1: G(θ) = α₀ [I 0] G̃ᵀ D G̃ [I 0]ᵀ with G̃ = (I + W_N P_N) ⋯ (I + W₁ P₁) on ñ = 2n units, every W_i and D diagonal.
 * Symmetric; D is learned and may turn negative, so G is not positive semi-definite by construction. W ~ N(0, 1/N), D = I at the start: near α₀ I up to
 * a factor, not at it. One application costs O(N n).
 * @throws ArgumentError unless it has an `rng` or N explicit `permutations`; ShapeError if those are not permutations of ñ.
 */
export const residuals: Architecture<
  Residuals,
  { readonly depth: Hyperparameter<number>; readonly alpha0: Hyperparameter<number> },
  { readonly permutations?: readonly Int32Array[] }
> = defineArchitecture({
  id: "residuals",
  summary: "weighted random permutations beside the identity, around a learned diagonal",
  reference: "Section 5.3.1, LODO-Residuals",
  hyperparameters: { depth: count(64, 0, "N, number of layers"), alpha0: rate(1, "α₀, initial learning rate") },
  extras: ["permutations"],
  cost: ({ dim: n, depth: N }) => ({ parameters: 2 * n * (N + 1), multiplyAdds: 2 * N * 2 * n + 3 * n, indices: N * 2 * n }),
  build({ dim: n, dtype, rng, depth: N, alpha0, permutations }) {
    const ñ = 2 * n;
    const P = permutations ?? uniformPermutations("residuals", rng, N, ñ);
    checkPermutations("residuals", P, N, ñ);
    const E = embed(n, ñ);
    return {
      start: "approximate",
      alpha0,
      fixed: { permutations: P },
      init: (rng) => ({ W: scaleTensor(1 / Math.sqrt(Math.max(1, N)), normal(rng, [N, ñ], { dtype })), D: ones([ñ], { dtype }) }),
      at: ({ W, D }) => scale(alpha0, congruence(compose(residualChain(P, W), E), diagonalOperator(ñ, D))),
    };
  },
});
