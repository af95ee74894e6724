import { add, gather, type Matrix, mul, normal, ones, reshape, scale as scaleTensor, scatterAdd, slice, type Vector } from "@lodo/tensor";
import { compose, congruence, scale } from "../algebra.ts";
import { diagonalOperator, embed } from "../atoms.ts";
import { count, type Hyperparameter, rate } from "../hyperparameter.ts";
import { type LinearOperator, linearOperator } from "../operator.ts";
import { checkPermutations, uniformPermutations } from "../permutations.ts";
import { type Architecture, defineArchitecture } from "../preconditioner.ts";

/** W: [N, ñ], D: [ñ] */
type Residuals = { readonly W: Matrix; readonly D: Vector };

/** I + W P, W = diag(w): a weighted permutation beside the identity. */
const residual = (w: Vector, P: Int32Array): LinearOperator =>
  linearOperator({
    structure: `(I + W P){${P.length}}`,
    shape: [P.length, P.length],
    apply: (v) => add(v, mul(w, gather(v, P))),
    applyTranspose: (v) => add(v, scatterAdd(mul(w, v), P, { size: P.length })),
  });

/**
 * The rows of a matrix, cut in halves again and again: the pull-back of a slice is as large as what the slice was cut from, so that N ñ numbers cost
 * O(N ñ log N), and O(N² ñ) if each row were cut from the whole.
 */
function rowsOf(W: Matrix): readonly Vector[] {
  const [N, ñ] = W.shape;
  if (N === 0) return [];
  if (N === 1) return [reshape(W, [ñ])];
  const half = Math.floor(N / 2);
  return [...rowsOf(slice(W, { stop: [half, ñ] })), ...rowsOf(slice(W, { start: [half, 0] }))];
}

/**
 * LODO-Residuals, Section 5.3.1: G(θ) = α₀ [I 0] G̃ᵀ D G̃ [I 0]ᵀ with G̃ = (I + W_N P_N) ⋯ (I + W₁ P₁) on ñ = 2n units, every W_i and D diagonal.
 * Symmetric; D is learned and may turn negative, so G is not positive semi-definite by construction. W ~ N(0, 1/N), D = I at the start: near α₀ I up to
 * a factor, not at it. One application costs O(N n).
 * @throws ArgumentError unless it has an `rng` or explicit `permutations`; ShapeError if those are not N permutations of ñ.
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
      at: ({ W, D }) =>
        scale(
          alpha0,
          congruence(
            compose(
              ...(rowsOf(W)
                .map((w, i) => residual(w, P[i] as Int32Array))
                .reverse() as [LinearOperator]),
              E,
            ),
            diagonalOperator(ñ, D),
          ),
        ),
    };
  },
});
