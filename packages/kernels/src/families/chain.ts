import { type DType, emptyStorage, kernels, type Strided } from "@lodo/tensor";
import { pick } from "../exports.ts";
import { type Indices, indexCache } from "../indices.ts";
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
type Cotangents = readonly [θ: Strided, v: Strided];

/** What the kernel's declaration computes. */
function reference<Result>(name: string, ...args: readonly unknown[]): Result {
  const { reference } = kernels.get(name) as unknown as { readonly reference: (...args: readonly unknown[]) => Result };
  return reference(...args);
}

/** Numbers of a piece: see assembly/chain.ts. */
const PIECE = 1024;

/** A chain's layers on the heap, B(θᵢ) Pᵢ: addresses, and lengths in bytes. */
interface Layers {
  readonly N: number;
  readonly b: number;
  readonly k: number;
  readonly dtype: DType;
  readonly P: number;
  readonly B: number;
  /** Of b·k indices, of b·k numbers, of b blocks. */
  readonly list: number;
  readonly row: number;
  readonly blocks: number;
}

function layersOf(θ: Strided, P: Indices, B: number): Layers {
  const [N, b, k] = θ.shape as [number, number, number];
  const dtype = θ.dtype as DType;
  const row = b * k * bytesOf(dtype);
  return { N, b, k, dtype, P: P.at, B, list: 4 * b * k, row, blocks: row * k };
}

/** Bytes of scratch that a way through the layers takes: two rows in turns, and a piece. */
const scratchOf = ({ row, k, dtype }: Layers): number => 2 * row + Math.max(PIECE, k) * bytesOf(dtype);

/** Chains of layers, forward and backward, a layer a call. */
export function chainKernels(machine: Machine): Record<string, (...args: never) => unknown> {
  const mix = pick(machine.exports, "mix");
  const unmix = pick(machine.exports, "unmix");
  const outer = pick(machine.exports, "outerBlocks");
  const outerSum = pick(machine.exports, "outerSum");
  const cache = indexCache(machine);
  const bytes = new Uint8Array(machine.heap.buffer);

  /** The permutations on the heap; null where there is nothing to do, or something is wrong that the reference knows how to take. */
  const placed = (permutations: readonly Int32Array[], θ: Strided): Indices | null => {
    const P = cache.get(permutations, permutations);
    return θ.size > 0 && P?.arePermutations ? P : null;
  };

  /** y = B_N P_N ⋯ B₁ P₁ x; row i of u is the input of Bᵢ. */
  const climb = ({ N, b, k, dtype, P, B, list, row, blocks }: Layers, x: number, u: number, y: number, scratch: number): void => {
    for (let i = 0; i < N; i++) {
      const to = i === N - 1 ? y : scratch + (i % 2) * row;
      mix[dtype](x, P + i * list, B + i * blocks, u + i * row, to, k, 0, b);
      x = to;
    }
  };

  /** y = P₁ᵀ B₁ᵀ ⋯ P_Nᵀ B_Nᵀ x; row i of r is the input of Bᵢᵀ. x is row N already, or copied there. */
  const descend = ({ N, b, k, dtype, P, B, list, row, blocks }: Layers, x: number, r: number, y: number, scratch: number): void => {
    if (x !== r + (N - 1) * row) bytes.copyWithin(r + (N - 1) * row, x, x + row);
    for (let i = N - 1; i >= 0; i--) {
      unmix[dtype](r + i * row, P + i * list, B + i * blocks, i === 0 ? y : r + (i - 1) * row, scratch, k, 0, b);
    }
  };

  return {
    chainForward(chain: Chain, θ: Strided, v: Strided): ChainValue {
      const P = placed(chain.permutations, θ);
      if (!P) return reference<ChainValue>("chainForward", chain, θ, v);
      const [N, b, k] = θ.shape as [number, number, number];
      const [saved, out] = [emptyStorage([N, b * k], θ.dtype), emptyStorage([b * k], θ.dtype)];
      machine.call(({ dense, result, scratch }) => {
        const layers = layersOf(θ, P, dense(θ));
        (chain.transposed ? descend : climb)(layers, dense(v), result(saved), result(out), scratch(scratchOf(layers)));
      });
      return { out, saved };
    },

    chainBackward(chain: Chain, ct: Strided, θ: Strided, saved: Strided): Cotangents {
      const P = placed(chain.permutations, θ);
      if (!P) return reference<Cotangents>("chainBackward", chain, ct, θ, saved);
      const [ctθ, ctv] = [emptyStorage(θ.shape, θ.dtype), emptyStorage(ct.shape, θ.dtype)];
      machine.call(({ dense, result, scratch }) => {
        const layers = layersOf(θ, P, dense(θ));
        const [start, u, A, end] = [dense(ct), dense(saved), result(ctθ), result(ctv)];
        const inputs = scratch(layers.N * layers.row);
        // y = B u, u = P x: B̄ = ȳ uᵀ and x̄ = Pᵀ Bᵀ ȳ, on the way down.
        // y = Pᵀ Bᵀ u: with d = P ȳ, B̄ = u dᵀ and ū = B d, on the way up.
        (chain.transposed ? climb : descend)(layers, start, inputs, end, scratch(scratchOf(layers)));
        const [left, right] = chain.transposed ? [u, inputs] : [inputs, u];
        outer[layers.dtype](left, right, A, layers.k, layers.N * layers.b);
      });
      return [ctθ, ctv];
    },

    chainGramForward(permutations: readonly Int32Array[], θ: Strided, v: Strided): ChainValue {
      const P = placed(permutations, θ);
      if (!P) return reference<ChainValue>("chainGramForward", permutations, θ, v);
      const [N, b, k] = θ.shape as [number, number, number];
      const [saved, out] = [emptyStorage([2, N, b * k], θ.dtype), emptyStorage([b * k], θ.dtype)];
      machine.call(({ dense, result, scratch }) => {
        const layers = layersOf(θ, P, dense(θ));
        const [x, u, y] = [dense(v), result(saved), result(out)];
        const r = u + N * layers.row;
        const top = r + (N - 1) * layers.row;
        const room = scratch(scratchOf(layers));
        climb(layers, x, u, top, room);
        descend(layers, top, r, y, room);
      });
      return { out, saved };
    },

    chainGramBackward(permutations: readonly Int32Array[], ct: Strided, θ: Strided, saved: Strided): Cotangents {
      const P = placed(permutations, θ);
      if (!P) return reference<Cotangents>("chainGramBackward", permutations, ct, θ, saved);
      const [ctθ, ctv] = [emptyStorage(θ.shape, θ.dtype), emptyStorage(ct.shape, θ.dtype)];
      machine.call(({ dense, result, scratch }) => {
        const layers = layersOf(θ, P, dense(θ));
        const { N, b, k, row, dtype } = layers;
        const [start, u, A, end] = [dense(ct), dense(saved), result(ctθ), result(ctv)];
        const r = u + N * row;
        // The same way again for the cotangent, up and down; B̄ = r̄ uᵀ + r ūᵀ.
        const ctu = scratch(2 * N * row);
        const ctr = ctu + N * row;
        const room = scratch(scratchOf(layers));
        const top = ctr + (N - 1) * row;
        climb(layers, start, ctu, top, room);
        descend(layers, top, ctr, end, room);
        outerSum[dtype](ctr, u, r, ctu, A, k, N * b);
      });
      return [ctθ, ctv];
    },
  };
}
