import { type DType, emptyStorage, type Strided } from "@lodo/tensor";
import { pick } from "../exports.ts";
import { type Indices, indexCache } from "../indices.ts";
import { bytesOf, type Cost, type Frame, type Machine } from "../machine.ts";
import { referenceOf } from "../reference.ts";

type Permutations = readonly Int32Array[];
/** As packages/preconditioner/src/chainKernel.ts declares them. */
interface Chain {
  readonly permutations: Permutations;
  readonly transposed: boolean;
}
interface ChainValue {
  readonly out: Strided;
  readonly saved: Strided;
}
type Cotangents = readonly [θ: Strided, v: Strided];
type Forward<C> = (chain: C, θ: Strided, v: Strided) => ChainValue;
type Backward<C> = (chain: C, ct: Strided, θ: Strided, saved: Strided) => Cotangents;

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

/** Scratch that a way through the layers takes: two rows in turns, and a piece of each thread's own. */
interface Room {
  readonly rows: number;
  readonly piece: number;
}

const roomFor = ({ scratch, own }: Frame, { row, k, dtype }: Layers): Room => ({
  rows: scratch(2 * row),
  piece: own(Math.max(PIECE, k) * bytesOf(dtype)),
});

/** Of the outer products of all layers: what they write passes by no cache. */
const outerCost = ({ N, b, k }: Layers): Cost => ({ nanoseconds: 0.4 * N * b * k * k, grain: Math.max(1, Math.floor(PIECE / k)) });

/** Of one layer: its numbers are moved and multiplied. Ranges begin where pieces do. */
const costOf = ({ b, k }: Layers): Cost => ({ nanoseconds: b * k * (1 + k / 16), grain: Math.max(1, Math.floor(PIECE / k)) });

/** Chains of layers, forward and backward, a layer a call. */
export function chainKernels(machine: Machine): Record<string, (...args: never) => unknown> {
  const mix = pick(machine.exports, "mix");
  const unmix = pick(machine.exports, "unmix");
  const outer = pick(machine.exports, "outerBlocks");
  const outerSum = pick(machine.exports, "outerSum");
  const cache = indexCache(machine);
  const bytes = new Uint8Array(machine.heap.buffer);

  /** The permutations on the heap; null where there is nothing to do, or something is wrong that the reference knows how to take. */
  const placed = (permutations: Permutations, θ: Strided): Indices | null => {
    const P = cache.get(permutations, permutations);
    return θ.size > 0 && P?.arePermutations ? P : null;
  };

  /** y = B_N P_N ⋯ B₁ P₁ x; row i of u is the input of Bᵢ. */
  const climb = ({ share }: Frame, layers: Layers, x: number, u: number, y: number, room: Room): void => {
    const { N, b, k, dtype, P, B, list, row, blocks } = layers;
    for (let i = 0; i < N; i++) {
      const to = i === N - 1 ? y : room.rows + (i % 2) * row;
      share(mix[dtype], [x, P + i * list, B + i * blocks, u + i * row, to, k, 0, b], 6, b, costOf(layers));
      x = to;
    }
  };

  /** y = P₁ᵀ B₁ᵀ ⋯ P_Nᵀ B_Nᵀ x; row i of r is the input of Bᵢᵀ. x is row N already, or copied there. */
  const descend = ({ share }: Frame, layers: Layers, x: number, r: number, y: number, room: Room): void => {
    const { N, b, k, dtype, P, B, list, row, blocks } = layers;
    if (x !== r + (N - 1) * row) bytes.copyWithin(r + (N - 1) * row, x, x + row);
    for (let i = N - 1; i >= 0; i--) {
      const to = i === 0 ? y : r + (i - 1) * row;
      share(unmix[dtype], [r + i * row, P + i * list, B + i * blocks, to, room.piece, k, 0, b], 6, b, costOf(layers));
    }
  };

  return {
    chainForward(chain: Chain, θ: Strided, v: Strided): ChainValue {
      const P = placed(chain.permutations, θ);
      if (!P) return referenceOf<Forward<Chain>>("chainForward")(chain, θ, v);
      const [N, b, k] = θ.shape as [number, number, number];
      const [saved, out] = [emptyStorage([N, b * k], θ.dtype), emptyStorage([b * k], θ.dtype)];
      machine.call((frame) => {
        const { dense, result } = frame;
        const layers = layersOf(θ, P, dense(θ));
        (chain.transposed ? descend : climb)(frame, layers, dense(v), result(saved), result(out), roomFor(frame, layers));
      });
      return { out, saved };
    },

    chainBackward(chain: Chain, ct: Strided, θ: Strided, saved: Strided): Cotangents {
      const P = placed(chain.permutations, θ);
      if (!P) return referenceOf<Backward<Chain>>("chainBackward")(chain, ct, θ, saved);
      const [ctθ, ctv] = [emptyStorage(θ.shape, θ.dtype), emptyStorage(ct.shape, θ.dtype)];
      machine.call((frame) => {
        const { dense, result, scratch } = frame;
        const layers = layersOf(θ, P, dense(θ));
        const [start, u, A, end] = [dense(ct), dense(saved), result(ctθ), result(ctv)];
        const inputs = scratch(layers.N * layers.row);
        // y = B u, u = P x: B̄ = ȳ uᵀ and x̄ = Pᵀ Bᵀ ȳ, on the way down.
        // y = Pᵀ Bᵀ u: with d = P ȳ, B̄ = u dᵀ and ū = B d, on the way up.
        (chain.transposed ? climb : descend)(frame, layers, start, inputs, end, roomFor(frame, layers));
        const [left, right] = chain.transposed ? [u, inputs] : [inputs, u];
        const blocks = layers.N * layers.b;
        frame.share(outer[layers.dtype], [left, right, A, layers.k, 0, blocks], 4, blocks, outerCost(layers));
      });
      return [ctθ, ctv];
    },

    chainGramForward(permutations: Permutations, θ: Strided, v: Strided): ChainValue {
      const P = placed(permutations, θ);
      if (!P) return referenceOf<Forward<Permutations>>("chainGramForward")(permutations, θ, v);
      const [N, b, k] = θ.shape as [number, number, number];
      const [saved, out] = [emptyStorage([2, N, b * k], θ.dtype), emptyStorage([b * k], θ.dtype)];
      machine.call((frame) => {
        const { dense, result } = frame;
        const layers = layersOf(θ, P, dense(θ));
        const [x, u, y] = [dense(v), result(saved), result(out)];
        const r = u + N * layers.row;
        const top = r + (N - 1) * layers.row;
        const room = roomFor(frame, layers);
        climb(frame, layers, x, u, top, room);
        descend(frame, layers, top, r, y, room);
      });
      return { out, saved };
    },

    chainGramBackward(permutations: Permutations, ct: Strided, θ: Strided, saved: Strided): Cotangents {
      const P = placed(permutations, θ);
      if (!P) return referenceOf<Backward<Permutations>>("chainGramBackward")(permutations, ct, θ, saved);
      const [ctθ, ctv] = [emptyStorage(θ.shape, θ.dtype), emptyStorage(ct.shape, θ.dtype)];
      machine.call((frame) => {
        const { dense, result, scratch } = frame;
        const layers = layersOf(θ, P, dense(θ));
        const { N, b, k, row, dtype } = layers;
        const [start, u, A, end] = [dense(ct), dense(saved), result(ctθ), result(ctv)];
        const r = u + N * row;
        // The same way again for the cotangent, up and down; B̄ = r̄ uᵀ + r ūᵀ.
        const ctu = scratch(2 * N * row);
        const ctr = ctu + N * row;
        const room = roomFor(frame, layers);
        const top = ctr + (N - 1) * row;
        climb(frame, layers, start, ctu, top, room);
        descend(frame, layers, top, ctr, end, room);
        frame.share(outerSum[dtype], [ctr, u, r, ctu, A, k, 0, N * b], 6, N * b, outerCost(layers));
      });
      return [ctθ, ctv];
    },
  };
}
