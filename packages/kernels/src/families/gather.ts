import { type DType, emptyStorage, kernels, type Strided } from "@lodo/tensor";
import { pick } from "../exports.ts";
import { indexCache } from "../indices.ts";
import type { Machine } from "../machine.ts";

type Gather = (x: Strided, indices: Int32Array, axis: number) => Strided;
type ScatterAdd = (x: Strided, indices: Int32Array, axis: number, n: number) => Strided;

/** Of vectors; what has more axes moves whole slices, which the reference does. */
export function gatherKernels(machine: Machine): Record<string, (...args: never) => unknown> {
  const gather = pick(machine.exports, "gather");
  const scatterAdd = pick(machine.exports, "scatterAdd");
  const cache = indexCache(machine);
  const reference = (name: string): unknown => kernels.get(name)?.reference;
  return {
    gather(x: Strided, indices: Int32Array, axis: number): Strided {
      const list = x.shape.length === 1 ? cache.get(indices, [indices]) : null;
      if (!list || list.bound > (x.shape[0] as number)) return (reference("gather") as Gather)(x, indices, axis);
      const dtype = x.dtype as DType;
      const out = emptyStorage([indices.length], dtype);
      machine.call(({ strided, result }) => {
        const { at, stride } = strided(x);
        gather[dtype](at, stride[0] as number, list.at, result(out), indices.length);
      });
      return out;
    },
    scatterAdd(x: Strided, indices: Int32Array, axis: number, n: number): Strided {
      const list = x.shape.length === 1 ? cache.get(indices, [indices]) : null;
      if (!list || list.bound > n) return (reference("scatterAdd") as ScatterAdd)(x, indices, axis, n);
      const dtype = x.dtype as DType;
      const out = emptyStorage([n], dtype);
      machine.call(({ strided, result }) => {
        const { at, stride } = strided(x);
        scatterAdd[dtype](at, stride[0] as number, list.at, result(out), indices.length, n);
      });
      return out;
    },
  };
}
