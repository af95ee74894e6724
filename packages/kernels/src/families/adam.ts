import { type DType, emptyStorage, type Strided } from "@lodo/tensor";
import { pick } from "../exports.ts";
import { bytesOf, type Machine } from "../machine.ts";

/** As packages/optim/src/adamKernel.ts declares it. */
interface AdamConstants {
  readonly b1: number;
  readonly b2: number;
  readonly step: number;
  readonly eps: number;
}

const CONSTANTS = 6;
/** Numbers in a line of the cache: threads write to no line together. */
const LINE = 16;

/** One step of Adam in one pass, to the bits of the reference. */
export function adamKernels(machine: Machine): Record<string, (...args: never) => unknown> {
  const adam = pick(machine.exports, "adam");
  const views = { float32: new Float32Array(machine.heap.buffer), float64: new Float64Array(machine.heap.buffer) };
  return {
    adam({ b1, b2, step, eps }: AdamConstants, g: Strided, μ: Strided, ν: Strided): readonly Strided[] {
      const dtype = g.dtype as DType;
      const outs = [emptyStorage(g.shape, dtype), emptyStorage(g.shape, dtype), emptyStorage(g.shape, dtype)] as const;
      machine.call(({ dense, result, scratch, share }) => {
        const constants = scratch(CONSTANTS * bytesOf(dtype));
        views[dtype].set([b1, 1 - b1, b2, 1 - b2, step, eps], constants / bytesOf(dtype));
        const [Δ, μNext, νNext] = outs;
        const args = [dense(g), dense(μ), dense(ν), result(Δ), result(μNext), result(νNext), 0, g.size, constants];
        share(adam[dtype], args, 6, g.size, { nanoseconds: g.size, grain: LINE });
      });
      return outs;
    },
  };
}
