import { type DType, emptyStorage, kernels, type Strided } from "@lodo/tensor";
import { pick } from "../exports.ts";
import { indexCache } from "../indices.ts";
import { bytesOf, type Machine } from "../machine.ts";

/** As packages/preconditioner/src/chainKernel.ts declares them. */
interface Chain {
  readonly permutations: readonly Int32Array[];
  readonly transposed: boolean;
}
interface ChainValue {
  readonly out: Strided;
  readonly saved: Strided;
}
type Forward = (chain: Chain, θ: Strided, v: Strided) => ChainValue;
type Backward = (chain: Chain, ct: Strided, θ: Strided, saved: Strided) => readonly [θ: Strided, v: Strided];

/** Numbers of a piece: see assembly/chain.ts. */
const PIECE = 1024;

/** Chains of layers B(θᵢ) Pᵢ, forward and backward, a layer a call. */
export function chainKernels(machine: Machine): Record<string, (...args: never) => unknown> {
  const mix = pick(machine.exports, "mix");
  const unmix = pick(machine.exports, "unmix");
  const outer = pick(machine.exports, "outerBlocks");
  const cache = indexCache(machine);
  const bytes = new Uint8Array(machine.heap.buffer);
  const reference = (name: string): unknown => kernels.get(name)?.reference;
  return {
    chainForward(chain: Chain, θ: Strided, v: Strided): ChainValue {
      const { permutations, transposed } = chain;
      const [N, b, k] = θ.shape as [number, number, number];
      const P = cache.get(permutations, permutations);
      if (N * b * k === 0 || !P?.arePermutations) return (reference("chainForward") as Forward)(chain, θ, v);
      const dtype = v.dtype as DType;
      const width = b * k;
      const saved = emptyStorage([N, width], dtype);
      const out = emptyStorage([width], dtype);
      machine.call(({ dense, result, scratch }) => {
        const row = width * bytesOf(dtype);
        const [B, start, u, y] = [dense(θ), dense(v), result(saved), result(out)];
        if (transposed) {
          // u_N = v; u_{i−1} = Pᵢᵀ Bᵢᵀ uᵢ
          const piece = scratch(Math.max(PIECE, k) * bytesOf(dtype));
          bytes.copyWithin(u + (N - 1) * row, start, start + row);
          for (let i = N - 1; i >= 0; i--) {
            unmix[dtype](u + i * row, P.at + 4 * i * width, B + i * k * row, i === 0 ? y : u + (i - 1) * row, piece, k, 0, b);
          }
        } else {
          // uᵢ = Pᵢ y_{i−1}, yᵢ = Bᵢ uᵢ
          const turns = [scratch(row), scratch(row)] as const;
          let x = start;
          for (let i = 0; i < N; i++) {
            const to = i === N - 1 ? y : (turns[i % 2] as number);
            mix[dtype](x, P.at + 4 * i * width, B + i * k * row, u + i * row, to, k, 0, b);
            x = to;
          }
        }
      });
      return { out, saved };
    },

    chainBackward(chain: Chain, ct: Strided, θ: Strided, saved: Strided): readonly [θ: Strided, v: Strided] {
      const { permutations, transposed } = chain;
      const [N, b, k] = θ.shape as [number, number, number];
      const P = cache.get(permutations, permutations);
      if (N * b * k === 0 || !P?.arePermutations) return (reference("chainBackward") as Backward)(chain, ct, θ, saved);
      const dtype = ct.dtype as DType;
      const width = b * k;
      const ctθ = emptyStorage(θ.shape, dtype);
      const ctv = emptyStorage([width], dtype);
      machine.call(({ dense, result, scratch }) => {
        const row = width * bytesOf(dtype);
        const [B, u, A, end] = [dense(θ), dense(saved), result(ctθ), result(ctv)];
        const turns = [scratch(row), scratch(row)] as const;
        const extra = scratch(Math.max(row, PIECE * bytesOf(dtype)));
        let c = dense(ct);
        for (let step = 0; step < N; step++) {
          const i = transposed ? step : N - 1 - step;
          const to = step === N - 1 ? end : (turns[step % 2] as number);
          if (transposed) {
            // y = Pᵀ Bᵀ u: with d = P ȳ, B̄ = u dᵀ and ū = B d
            mix[dtype](c, P.at + 4 * i * width, B + i * k * row, extra, to, k, 0, b);
            outer[dtype](u + i * row, extra, A + i * k * row, k, b);
          } else {
            // y = B u, u = P x: B̄ = ȳ uᵀ and x̄ = Pᵀ Bᵀ ȳ
            outer[dtype](c, u + i * row, A + i * k * row, k, b);
            unmix[dtype](c, P.at + 4 * i * width, B + i * k * row, to, extra, k, 0, b);
          }
          c = to;
        }
      });
      return [ctθ, ctv];
    },
  };
}
