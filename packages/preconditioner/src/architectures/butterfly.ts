import { haarOrthogonal, reshape } from "@lodo/tensor";
import { compose, gram, scale } from "../algebra.ts";
import { embed } from "../atoms.ts";
import { chain, type Layers } from "../chain.ts";
import { type Hyperparameter, rate } from "../hyperparameter.ts";
import { pairsAtBit, reorder } from "../permutations.ts";
import { type Architecture, defineArchitecture } from "../preconditioner.ts";

/** L ≥ 1 with 2ᴸ⁻¹ < n ≤ 2ᴸ. */
function log2Ceiling(n: number): number {
  let L = 1;
  while (2 ** L < n) L++;
  return L;
}

/**
 * Butterfly matrices, the factors of a fast Fourier transform (Dao et al. 2019, "Learning fast algorithms for linear transforms using butterfly
 * factorizations"), as a Gram matrix: G(θ) = α₀ Eᵀ G̃ᵀ G̃ E with G̃ = B_L ⋯ B₁ on ñ = 2ᴸ ≥ n units, where Bₗ mixes in pairs the units whose indices
 * differ in bit l − 1.
 *
 * It is a chain of 2×2 blocks between the reorderings that bring those pairs together; the last one, back to natural order, is orthogonal and drops
 * out of the Gram matrix. After L layers every input has met every output. θ: [L, ñ/2, 2, 2], orthogonal at the start.
 */
export const butterfly: Architecture<Layers, { readonly alpha0: Hyperparameter<number> }> = defineArchitecture({
  id: "butterfly",
  summary: "the butterfly factors of a fast Fourier transform, as a Gram matrix",
  reference: "Dao et al. 2019",
  hyperparameters: { alpha0: rate(1, "α₀, initial learning rate") },
  cost({ dim: n }) {
    const L = log2Ceiling(n);
    return { parameters: 2 * L * 2 ** L, multiplyAdds: 4 * L * 2 ** L + n, indices: L * 2 ** L };
  },
  build({ dim: n, dtype, alpha0 }) {
    const L = log2Ceiling(n);
    const ñ = 2 ** L;
    const orders = Array.from({ length: L }, (_, l) => pairsAtBit(L, l));
    const P = orders.map((order, l) => reorder(orders[Math.max(0, l - 1)] as Int32Array, order));
    const E = embed(n, ñ);
    return {
      start: "exact",
      alpha0,
      init: (rng) => reshape(haarOrthogonal(rng, (L * ñ) / 2, 2, { dtype }), [L, ñ / 2, 2, 2]),
      at: (θ) => scale(alpha0, gram(compose(chain(P, θ), E))),
    };
  },
});
