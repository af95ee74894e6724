import { chain, compose, dense, embed, hiddenWidth, type Layers, type Preconditioner } from "@lodo/preconditioner";
import { array, type Matrix, neg } from "@lodo/tensor";
import { Matrix as Dense, EigenvalueDecomposition } from "ml-matrix";
import { type BlockPermutationCase, blockPermutationAt, blockPermutationCases } from "./apparatus/cases.ts";
import { type Claim, defineClaim, equalityMargin } from "./claim.ts";

/** G(θ) as a matrix. */
type Subject = (G: Preconditioner<Layers>, θ: Layers) => Matrix;

const matrixOf: Subject = (G, θ) => dense(G.at(θ));

/** The part of G that breaks symmetry, and its most negative eigenvalue, as parts of its size. */
function violation(G: Matrix): number {
  const [n] = G.shape;
  const A = Dense.from1DArray(n, n, Array.from(array(G)));
  const symmetric = Dense.add(A, A.transpose()).mul(0.5);
  const least = Math.min(...new EigenvalueDecomposition(symmetric, { assumeSymmetric: true }).realEigenvalues);
  return Math.max(Dense.sub(A, symmetric).norm(), -least) / (A.norm() || 1);
}

export const psd: Claim = defineClaim<BlockPermutationCase, Subject>({
  id: "psd",
  reference: "equation (2)",
  statement: "G(θ) is symmetric positive semi-definite, for every θ, n, k and N.",
  status: "proved",
  cases: blockPermutationCases,
  runs: 60,
  subject: matrixOf,
  wrong: {
    "a missing transpose: G̃ G̃ in place of G̃ᵀ G̃": (G, θ) => {
      const P = G.fixed["permutations"] as readonly Int32Array[];
      const [G̃, E] = [chain(P, θ), embed(G.dim, hiddenWidth(G.dim, θ.shape[2]))];
      return dense(compose(E.transpose(), G̃, G̃, E));
    },
    "a sign: −α₀": (G, θ) => neg(matrixOf(G, θ)),
  },
  // Rounding: G is N products of k terms each way, so its entries are off by at most about 2 (N k + 2) ε |G|.
  margin: (c, matrixOf) => {
    const { G, θ } = blockPermutationAt(c);
    return equalityMargin(violation(matrixOf(G, θ)), 2 * (c.N * c.k + 2) * 2 ** -48);
  },
});
