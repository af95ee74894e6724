import { haarOrthogonal, reshape } from "@lodo/tensor";
import { compose, gram, scale } from "../algebra.ts";
import { embed } from "../atoms.ts";
import { chain, type Layers } from "../chain.ts";
import { type Hyperparameter, rate } from "../hyperparameter.ts";
import { perfectShuffle } from "../permutations.ts";
import { type Architecture, defineArchitecture } from "../preconditioner.ts";

/**
 * Monarch matrices (Dao et al. 2022, "Monarch: expressive structured matrices for efficient and accurate training"), as a Gram matrix:
 * G(θ) = α₀ Eᵀ Mᵀ M E with M = L P R, where R and L are block-diagonal with m blocks of side m = ⌈√n⌉ and P transposes the m × m grid of units. The
 * permutation that Monarch has in front of L is orthogonal and drops out of the Gram matrix.
 *
 * Two layers mix every input with every output. θ: [2, m, m, m], R first, orthogonal at the start. One application costs O(n √n).
 */
export const monarch: Architecture<Layers, { readonly alpha0: Hyperparameter<number> }> = defineArchitecture({
  id: "monarch",
  summary: "two block-diagonal layers of side √n around a transposition, as a Gram matrix",
  reference: "Dao et al. 2022",
  hyperparameters: { alpha0: rate(1, "α₀, initial learning rate") },
  cost({ dim: n }) {
    const m = Math.ceil(Math.sqrt(n));
    return { parameters: 2 * m ** 3, multiplyAdds: 4 * m ** 3 + n, indices: 2 * m * m };
  },
  build({ dim: n, dtype, alpha0 }) {
    const m = Math.ceil(Math.sqrt(n));
    const identity = Int32Array.from({ length: m * m }, (_, i) => i);
    const P = [identity, perfectShuffle(m * m, m)];
    const E = embed(n, m * m);
    return {
      start: "exact",
      alpha0,
      init: (rng) => reshape(haarOrthogonal(rng, 2 * m, m, { dtype }), [2, m, m, m]),
      at: (θ) => scale(alpha0, gram(compose(chain(P, θ), E))),
    };
  },
});
