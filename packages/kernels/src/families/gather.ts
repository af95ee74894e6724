import { type DType, emptyStorage, type Strided } from "@lodo/tensor";
import { pick } from "../exports.ts";
import type { Frame, Machine } from "../machine.ts";
import { referenceOf } from "../reference.ts";

type Gather = (x: Strided, indices: Int32Array, axis: number) => Strided;
type ScatterAdd = (x: Strided, indices: Int32Array, axis: number, n: number) => Strided;

/** Of vectors; what has more axes moves whole slices, which the reference does. Indices are copied at every call: whoever owns them may write others there. */
export function gatherKernels(machine: Machine): Record<string, (...args: never) => unknown> {
  const gather = pick(machine.exports, "gather");
  const scatterAdd = pick(machine.exports, "scatterAdd");
  const place = ({ scratch }: Frame, indices: Int32Array): number => {
    const at = scratch(indices.byteLength);
    new Int32Array(machine.heap.buffer, at, indices.length).set(indices);
    return at;
  };
  return {
    gather(x: Strided, indices: Int32Array, axis: number): Strided {
      if (x.shape.length !== 1 || !allBelow(indices, x.shape[0] as number)) return referenceOf<Gather>("gather")(x, indices, axis);
      const dtype = x.dtype as DType;
      const out = emptyStorage([indices.length], dtype);
      machine.call((frame) => {
        const { at, stride } = frame.strided(x);
        gather[dtype](at, stride[0] as number, place(frame, indices), frame.result(out), indices.length);
      });
      return out;
    },
    scatterAdd(x: Strided, indices: Int32Array, axis: number, n: number): Strided {
      if (x.shape.length !== 1 || !allBelow(indices, n)) return referenceOf<ScatterAdd>("scatterAdd")(x, indices, axis, n);
      const dtype = x.dtype as DType;
      const out = emptyStorage([n], dtype);
      machine.call((frame) => {
        const { at, stride } = frame.strided(x);
        scatterAdd[dtype](at, stride[0] as number, place(frame, indices), frame.result(out), indices.length, n);
      });
      return out;
    },
  };
}

/** Is every index in 0 … n − 1? One that is not must not become an address. */
function allBelow(indices: Int32Array, n: number): boolean {
  for (let i = 0; i < indices.length; i++) if ((indices[i] as number) < 0 || (indices[i] as number) >= n) return false;
  return true;
}
