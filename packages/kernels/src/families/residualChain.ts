import { type DType, emptyStorage, type Strided } from "@lodo/tensor";
import { pick } from "../exports.ts";
import { indexCache } from "../indices.ts";
import { bytesOf, type Cost, type Frame, type Machine } from "../machine.ts";
import { referenceOf } from "../reference.ts";

/** As packages/preconditioner/src/residualChainKernel.ts declares them. */
interface ResidualChain {
  readonly permutations: readonly Int32Array[];
  readonly transposed: boolean;
}
interface ResidualChainValue {
  readonly out: Strided;
  readonly saved: Strided;
}
type Cotangents = readonly [W: Strided, v: Strided];
type Forward = (chain: ResidualChain, W: Strided, v: Strided) => ResidualChainValue;
type Backward = (chain: ResidualChain, ct: Strided, W: Strided, saved: Strided) => Cotangents;

/** Layers I + Wᵢ Pᵢ on the heap: addresses, and lengths in bytes. */
interface Layers {
  readonly N: number;
  readonly ñ: number;
  readonly P: number;
  readonly W: number;
  /** Of ñ indices, of ñ numbers. */
  readonly list: number;
  readonly row: number;
}

function layersOf(W: Strided, P: number, at: number): Layers {
  const [N, ñ] = W.shape as [number, number];
  return { N, ñ, P, W: at, list: 4 * ñ, row: ñ * bytesOf(W.dtype as DType) };
}

/** Of one layer: it moves ñ numbers. Threads write to no line of the cache together, where they write in order. */
const costOf = ({ ñ }: Layers): Cost => ({ nanoseconds: 1.5 * ñ, grain: 16 });

/** Where the vector between two layers lies: the first and the last where the call has them, the others in two rows in turns. */
function inTurns({ scratch }: Frame, { row }: Layers): (step: number) => number {
  const rows = scratch(2 * row);
  return (step) => rows + (step % 2) * row;
}

/** Residual chains, forward and backward, a layer a call, to the bits of the reference. */
export function residualChainKernels(machine: Machine): Record<string, (...args: never) => unknown> {
  const climb = pick(machine.exports, "residualClimb");
  const climbGradient = pick(machine.exports, "residualClimbGradient");
  const descend = pick(machine.exports, "residualDescend");
  const descendGradient = pick(machine.exports, "residualDescendGradient");
  const cache = indexCache(machine);
  const bytes = new Uint8Array(machine.heap.buffer);

  /** Where the permutations lie on the heap; null where there is nothing to do, or something is wrong that the reference knows how to take. */
  const placed = (permutations: readonly Int32Array[], W: Strided): number | null => {
    const P = cache.get(permutations, permutations);
    return W.size > 0 && P?.arePermutations ? P.at : null;
  };
  const forward = referenceOf<Forward>("residualChainForward");
  const backward = referenceOf<Backward>("residualChainBackward");

  return {
    residualChainForward(chain: ResidualChain, W: Strided, v: Strided): ResidualChainValue {
      const P = placed(chain.permutations, W);
      if (P === null) return forward(chain, W, v);
      const dtype = W.dtype as DType;
      const [saved, out] = [emptyStorage(W.shape, dtype), emptyStorage(v.shape, dtype)];
      machine.call((frame) => {
        const layers = layersOf(W, P, frame.dense(W));
        const { N, ñ, list, row } = layers;
        const [x, z, y] = [frame.dense(v), frame.result(saved), frame.result(out)];
        if (chain.transposed) {
          // What Wᵢ multiplies is what comes to its layer: it is made where it is kept.
          bytes.copyWithin(z + (N - 1) * row, x, x + row);
          for (let i = N - 1; i >= 0; i--) {
            const to = i === 0 ? y : z + (i - 1) * row;
            frame.share(descend[dtype], [z + i * row, P + i * list, layers.W + i * row, to, 0, ñ], 4, ñ, costOf(layers));
          }
        } else {
          const between = inTurns(frame, layers);
          for (let i = 0; i < N; i++) {
            const [from, to] = [i === 0 ? x : between(i - 1), i === N - 1 ? y : between(i)];
            frame.share(climb[dtype], [from, P + i * list, layers.W + i * row, z + i * row, to, 0, ñ], 5, ñ, costOf(layers));
          }
        }
      });
      return { out, saved };
    },

    residualChainBackward(chain: ResidualChain, ct: Strided, W: Strided, saved: Strided): Cotangents {
      const P = placed(chain.permutations, W);
      if (P === null) return backward(chain, ct, W, saved);
      const dtype = W.dtype as DType;
      const [ctW, ctv] = [emptyStorage(W.shape, dtype), emptyStorage(ct.shape, dtype)];
      machine.call((frame) => {
        const layers = layersOf(W, P, frame.dense(W));
        const { N, ñ, list, row } = layers;
        const [start, z, W̄, end] = [frame.dense(ct), frame.dense(saved), frame.result(ctW), frame.result(ctv)];
        const between = inTurns(frame, layers);
        // The cotangent goes up where the vector went down, and down where it went up.
        const gradient = (chain.transposed ? climbGradient : descendGradient)[dtype];
        for (let step = 0; step < N; step++) {
          const i = chain.transposed ? step : N - 1 - step;
          const [from, to] = [step === 0 ? start : between(step - 1), step === N - 1 ? end : between(step)];
          const args = [from, P + i * list, layers.W + i * row, z + i * row, W̄ + i * row, to, 0, ñ];
          frame.share(gradient, args, 6, ñ, costOf(layers));
        }
      });
      return [ctW, ctv];
    },
  };
}
