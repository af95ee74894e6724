import { ArgumentError, haarOrthogonal, permutation, type Rng, reshape } from "@lodo/tensor";
import { chain, type Layers } from "../chain.ts";
import { count, type Hyperparameter, rate } from "../hyperparameter.ts";
import { checkPermutation, compose, embed, gram, scale } from "../operator.ts";
import { type Architecture, defineArchitecture } from "../preconditioner.ts";

/** ñ = 2n + k − (2n mod k): the smallest multiple of k above 2n. */
export const hiddenWidth = (n: number, k: number): number => 2 * n + k - ((2 * n) % k);

/**
 * The architecture of the paper, equation (2): G(θ) = α₀ Eᵀ G̃(θ)ᵀ G̃(θ) E with G̃ = B(θ_N) P_N ⋯ B(θ₁) P₁ and E = [I 0]ᵀ.
 *
 * The P's are fixed permutations of the ñ hidden units, uniformly random unless given; the blocks start Haar-orthogonal, so G(θ₀) = α₀ I.
 * θ: [N, ñ/k, k, k]. Symmetric positive semi-definite for every θ. One application costs O(N ñ k).
 * @throws ArgumentError unless it has an `rng` or explicit `permutations`; ShapeError if those are not N permutations of ñ.
 */
export const blockPermutation: Architecture<
  Layers,
  { readonly depth: Hyperparameter<number>; readonly blockSize: Hyperparameter<number>; readonly alpha0: Hyperparameter<number> },
  { readonly permutations?: readonly Int32Array[] }
> = defineArchitecture({
  id: "block-permutation",
  summary: "block-diagonal layers between fixed random permutations, as a Gram matrix",
  reference: "equation (2)",
  hyperparameters: {
    depth: count(16, 0, "N, number of layers"),
    blockSize: count(4, 1, "k, side of a block"),
    alpha0: rate(1, "α₀, initial learning rate"),
  },
  extras: ["permutations"],
  build({ dim: n, dtype, rng, depth: N, blockSize: k, alpha0, permutations }) {
    const ñ = hiddenWidth(n, k);
    const P = permutations ?? uniformPermutations(rng, N, ñ);
    if (P.length !== N) throw new ArgumentError("block-permutation", `expected ${N} permutations (depth), got ${P.length}`);
    for (const Pᵢ of P) checkPermutation("block-permutation", Pᵢ, ñ);
    const E = embed(n, ñ);
    return {
      start: "exact",
      alpha0,
      fixed: { permutations: P },
      init: (rng) => reshape(haarOrthogonal(rng, (N * ñ) / k, k, { dtype }), [N, ñ / k, k, k]),
      at: (θ) => scale(alpha0, gram(compose(chain(P, θ), E))),
    };
  },
});

function uniformPermutations(rng: Rng | undefined, N: number, ñ: number): readonly Int32Array[] {
  if (!rng) throw new ArgumentError("block-permutation", "needs an rng to draw permutations from, or explicit permutations");
  return Array.from({ length: N }, () => permutation(rng, ñ));
}
