import {
  type Blocks,
  fused,
  gather,
  type Op,
  reshape,
  ShapeError,
  type Strided,
  scatterAdd,
  slice,
  type Tensor,
  type Vector,
} from "@lodo/tensor";
import { blockDiagonal } from "./atoms.ts";
import { type Chain, chainBackwardKernel, chainForwardKernel, chainGramBackwardKernel, chainGramForwardKernel } from "./chainKernel.ts";
import { type LinearOperator, linearOperator } from "./operator.ts";

/** N layers of b square blocks, [N, b, k, k]. */
export type Layers = Tensor<readonly [N: number, b: number, k: number, k: number]>;

/** B(θᵢ), the i-th layer. */
function layer(θ: Tensor, i: number): LinearOperator {
  const [, b, k] = θ.shape as Layers["shape"];
  return blockDiagonal(reshape(slice(θ, { start: [i, 0, 0, 0], stop: [i + 1, b, k, k] }), [b, k, k]) as Blocks);
}

const applyChain: Op<Chain> = fused<Chain>({
  name: "chain",
  definition: ({ permutations: P, transposed }, θ, v) =>
    transposed
      ? P.reduceRight(
          (u, Pᵢ, i) =>
            scatterAdd(
              layer(θ as Tensor, i)
                .transpose()
                .apply(u),
              Pᵢ,
              { size: Pᵢ.length },
            ),
          v as Vector,
        )
      : P.reduce((u, Pᵢ, i) => layer(θ as Tensor, i).apply(gather(u, Pᵢ)), v as Vector),
  forward: (chain, θ, v) => chainForwardKernel(chain, θ as Strided, v as Strided),
  backward: (chain, ct, [θ], saved) => chainBackwardKernel(chain, ct, θ as Strided, saved as Strided),
});

/** G̃ᵀ G̃ v */
const applyGram: Op<Pick<Chain, "permutations">> = fused<Pick<Chain, "permutations">>({
  name: "chainGram",
  definition: ({ permutations }, θ, v) =>
    applyChain({ permutations, transposed: true }, θ as Tensor, applyChain({ permutations, transposed: false }, θ as Tensor, v as Tensor)),
  forward: ({ permutations }, θ, v) => chainGramForwardKernel(permutations, θ as Strided, v as Strided),
  backward: ({ permutations }, ct, [θ], saved) => chainGramBackwardKernel(permutations, ct, θ as Strided, saved as Strided),
});

/**
 * G̃ = B(θ_N) P_N ⋯ B(θ₁) P₁, the product in equation (2): each layer permutes and then mixes blocks of k. Computed in one pass that keeps its
 * layer inputs; its definition, and its higher derivatives, are the composition of its layers. The permutations are fixed: a backend may keep a copy of them.
 * @throws ShapeError unless there is one permutation of b·k for each layer.
 */
export function chain(permutations: readonly Int32Array[], θ: Layers): LinearOperator {
  const [N, b, k, cols] = θ.shape;
  const width = b * k;
  if (k !== cols) throw new ShapeError("chain", `blocks must be square, got θ of shape [${θ.shape}]`);
  if (permutations.length !== N)
    throw new ShapeError("chain", `expected ${N} permutations, one for each layer of θ, got ${permutations.length}`);
  for (const P of permutations) {
    if (P.length !== width) throw new ShapeError("chain", `expected permutations of ${width} = ${b}·${k} as θ has, got one of ${P.length}`);
  }
  return linearOperator({
    structure: { kind: "chain", permutations, layers: θ },
    shape: [width, width],
    apply: (v) => applyChain({ permutations, transposed: false }, θ, v) as Tensor as Vector,
    applyTranspose: (v) => applyChain({ permutations, transposed: true }, θ, v) as Tensor as Vector,
    applyGram: (v) => applyGram({ permutations }, θ, v) as Tensor as Vector,
  });
}
