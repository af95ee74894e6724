import { contiguousKernel, type DType, emptyStorage, isContiguous, type Strided } from "@lodo/tensor";
import { pick } from "../exports.ts";
import { bytesOf, type Machine } from "../machine.ts";
import { referenceOf } from "../reference.ts";

/** Below so many numbers a matrix is not worth a call. */
const LEAST = 16;

type Concat = (xs: readonly Strided[], axis: number) => Strided;

/** Dense copies of what lies on the heap, and dense arrays one after the other. */
export function layoutKernels(machine: Machine): Record<string, (...args: never) => unknown> {
  const copyMatrix = pick(machine.exports, "copyMatrix");
  const { reference } = contiguousKernel;
  return {
    contiguous(x: Strided): Strided {
      if (isContiguous(x)) return x;
      const [rows, cols] = [x.shape.at(-2) ?? 1, x.shape.at(-1) ?? 1];
      if (rows * cols < LEAST) return reference(x);
      const dtype = x.dtype as DType;
      const bytes = bytesOf(dtype);
      let out: Strided | null = null;
      machine.call((frame) => {
        if (!frame.lies(x)) return;
        out = emptyStorage(x.shape, dtype);
        const [row, col] = [(x.stride.at(-2) ?? 0) * bytes, (x.stride.at(-1) ?? 0) * bytes];
        const [from, to] = [frame.address(x), frame.result(out)];
        let matrix = 0;
        const walk = (axis: number, at: number): void => {
          if (axis >= x.shape.length - 2) {
            copyMatrix[dtype](at, row, col, to + matrix++ * rows * cols * bytes, 0, rows, cols);
            return;
          }
          for (let i = 0; i < (x.shape[axis] as number); i++) walk(axis + 1, at + i * (x.stride[axis] as number) * bytes);
        };
        walk(0, from);
      });
      return out ?? reference(x);
    },
    concat(xs: readonly Strided[], axis: number): Strided {
      const { shape, dtype } = xs[0] as Strided;
      const whole = xs.every(isContiguous) && shape.every((n, d) => d >= axis || n === 1);
      if (!whole) return referenceOf<Concat>("concat")(xs, axis);
      const along = xs.reduce((n, x) => n + (x.shape[axis] as number), 0);
      const out = emptyStorage(shape.with(axis, along), dtype);
      let at = 0;
      for (const { data, offset, size } of xs) {
        out.data.set(data.subarray(offset, offset + size), at);
        at += size;
      }
      return out;
    },
  };
}
