import { haarOrthogonal, type Rng, reshape } from "@lodo/tensor";
import { compose, gram, scale } from "../algebra.ts";
import { embed } from "../atoms.ts";
import { chain, type Layers } from "../chain.ts";
import { choice, count, type Hyperparameter, rate } from "../hyperparameter.ts";
import { checkPermutations, perfectShuffle, uniformPermutations } from "../permutations.ts";
import { type Architecture, defineArchitecture } from "../preconditioner.ts";

/** ñ = 2n + k − (2n mod k): the smallest multiple of k above 2n. */
export const hiddenWidth = (n: number, k: number): number => 2 * n + k - ((2 * n) % k);

/** Ways to choose the P's. */
const schemes = {
  /** Uniformly random, as in the paper. */
  uniform: (rng: Rng | undefined, N: number, ñ: number) => uniformPermutations("block-permutation", rng, N, ñ),
  /** The same stride at every layer, as in a fast Fourier transform. */
  strided: (_: Rng | undefined, N: number, ñ: number, k: number) => Array.from({ length: N }, () => perfectShuffle(ñ, k)),
};

/**
 * The architecture of the paper, equation (2): G(θ) = α₀ Eᵀ G̃(θ)ᵀ G̃(θ) E with G̃ = B(θ_N) P_N ⋯ B(θ₁) P₁ and E = [I 0]ᵀ.
 *
 * The P's are fixed permutations of the ñ hidden units: uniformly random, strided as in a fast Fourier transform, or given; the blocks start Haar-orthogonal, so G(θ₀) = α₀ I.
 * θ: [N, ñ/k, k, k]. Symmetric positive semi-definite for every θ. One application costs O(N ñ k).
 * @throws ArgumentError unless it has an `rng`, the scheme "strided", which draws nothing, or N explicit `permutations`; ShapeError if those are not
 * permutations of ñ.
 */
export const blockPermutation: Architecture<
  Layers,
  {
    readonly depth: Hyperparameter<number>;
    readonly blockSize: Hyperparameter<number>;
    readonly alpha0: Hyperparameter<number>;
    readonly scheme: Hyperparameter<string>;
  },
  { readonly permutations?: readonly Int32Array[] }
> = defineArchitecture({
  id: "block-permutation",
  summary: "block-diagonal layers between fixed random permutations, as a Gram matrix",
  reference: "equation (2)",
  hyperparameters: {
    depth: count(16, 0, "N, number of layers"),
    blockSize: count(4, 1, "k, side of a block"),
    alpha0: rate(1, "α₀, initial learning rate"),
    scheme: choice("uniform", Object.keys(schemes), "how the permutations are chosen"),
  },
  extras: ["permutations"],
  cost({ dim: n, depth: N, blockSize: k }) {
    const ñ = hiddenWidth(n, k);
    return { parameters: N * ñ * k, multiplyAdds: 2 * N * ñ * k + n, indices: N * ñ };
  },
  build({ dim: n, dtype, rng, depth: N, blockSize: k, alpha0, scheme, permutations }) {
    const ñ = hiddenWidth(n, k);
    const P = permutations ?? schemes[scheme as keyof typeof schemes](rng, N, ñ, k);
    checkPermutations("block-permutation", P, N, ñ);
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
