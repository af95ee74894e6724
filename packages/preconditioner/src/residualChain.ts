import {
  add,
  fused,
  gather,
  type Matrix,
  mul,
  type Op,
  reshape,
  ShapeError,
  type Strided,
  scatterAdd,
  slice,
  type Tensor,
  type Vector,
} from "@lodo/tensor";
import { type LinearOperator, linearOperator } from "./operator.ts";
import { type ResidualChain, residualChainBackwardKernel, residualChainForwardKernel } from "./residualChainKernel.ts";

/** The diagonal of Wᵢ. */
function diagonalOf(W: Tensor, i: number): Vector {
  const [, ñ] = W.shape as Matrix["shape"];
  return reshape(slice(W, { start: [i, 0], stop: [i + 1, ñ] }), [ñ]);
}

const applyResidualChain: Op<ResidualChain> = fused<ResidualChain>({
  name: "residualChain",
  definition: ({ permutations: P, transposed }, W, v) =>
    transposed
      ? P.reduceRight((x, Pᵢ, i) => add(x, scatterAdd(mul(diagonalOf(W as Tensor, i), x), Pᵢ, { size: Pᵢ.length })), v as Vector)
      : P.reduce((x, Pᵢ, i) => add(x, mul(diagonalOf(W as Tensor, i), gather(x, Pᵢ))), v as Vector),
  forward: (chain, W, v) => residualChainForwardKernel(chain, W as Strided, v as Strided),
  backward: (chain, ct, [W], saved) => residualChainBackwardKernel(chain, ct, W as Strided, saved as Strided),
});

/**
 * G̃ = (I + W_N P_N) ⋯ (I + W₁ P₁), row i of W the diagonal of Wᵢ: each layer adds a weighted permutation of x to x. Computed in one pass that keeps what
 * the weights multiply; its definition, and its higher derivatives, are the composition of its layers. The permutations are fixed: a backend may keep a
 * copy of them.
 * @throws ShapeError unless W, [N, ñ], has one row for each permutation, as long as that.
 */
export function residualChain(permutations: readonly Int32Array[], W: Matrix): LinearOperator {
  const [N, ñ] = W.shape;
  if (permutations.length !== N)
    throw new ShapeError("residualChain", `expected ${N} permutations, one for each row of W, got ${permutations.length}`);
  for (const P of permutations) {
    if (P.length !== ñ)
      throw new ShapeError("residualChain", `expected permutations of ${ñ}, as long as rows of W, got one of ${P.length}`);
  }
  return linearOperator({
    structure: { kind: "residualChain", permutations },
    shape: [ñ, ñ],
    apply: (v) => applyResidualChain({ permutations, transposed: false }, W, v) as Tensor as Vector,
    applyTranspose: (v) => applyResidualChain({ permutations, transposed: true }, W, v) as Tensor as Vector,
  });
}
