import { contiguousKernel, type Data, type DType, isContiguous, type Strided } from "@lodo/tensor";
import type { Exports } from "./exports.ts";
import type { WasmHeap } from "./heap.ts";

/** Addresses for one call of a kernel: of arrays on the heap where they lie there, of copies in scratch where they do not. */
export interface Frame {
  /** Where the numbers of a view stand, dense in row-major order. */
  dense(x: Strided): number;
  /** Where the first number of a view stands; its strides are those of the result. For kernels that walk strides. */
  strided(x: Strided): Located;
  /** Where to write a dense result; it is in place when the call ends. */
  result(out: Strided): number;
  /** Room for a kernel's own use. */
  scratch(bytes: number): number;
}

/** A view by the address of its first number and its strides in bytes. */
export interface Located {
  readonly at: number;
  readonly stride: readonly number[];
}

/** A kernel's glue: turns views into addresses and calls the module. */
export interface Machine {
  readonly exports: Exports;
  readonly heap: WasmHeap;
  /** Runs a call of a kernel; copies what had to be staged, in and out. */
  call(body: (frame: Frame) => void): void;
}

export const bytesOf = (dtype: DType): number => (dtype === "float64" ? 8 : 4);

export function createMachine(exports: Exports, heap: WasmHeap): Machine {
  const lies = (data: Data): boolean => data.buffer === heap.buffer;

  /** Copies from ordinary memory. */
  const stage = (x: Strided): number => {
    const at = heap.scratch(x.size * bytesOf(x.dtype as DType));
    const dense = contiguousKernel.reference(x);
    viewAt(x.dtype as DType, at, x.size).set(dense.data.subarray(dense.offset, dense.offset + x.size));
    return at;
  };

  const viewAt = (dtype: DType, at: number, size: number): Data =>
    dtype === "float64" ? new Float64Array(heap.buffer, at, size) : new Float32Array(heap.buffer, at, size);

  return {
    exports,
    heap,
    call(body) {
      const top = heap.enter();
      const staged: { readonly out: Strided; readonly at: number }[] = [];
      try {
        body({
          dense: (x) => (lies(x.data) && isContiguous(x) ? x.data.byteOffset + x.offset * x.data.BYTES_PER_ELEMENT : stage(x)),
          strided: (x) => {
            const bytes = x.data.BYTES_PER_ELEMENT;
            if (lies(x.data)) return { at: x.data.byteOffset + x.offset * bytes, stride: x.stride.map((s) => s * bytes) };
            const stride = x.shape.map((_, d) => x.shape.slice(d + 1).reduce((a, n) => a * n, bytes));
            return { at: stage(x), stride };
          },
          result: (out) => {
            if (lies(out.data)) return out.data.byteOffset + out.offset * out.data.BYTES_PER_ELEMENT;
            const at = heap.scratch(out.size * out.data.BYTES_PER_ELEMENT);
            staged.push({ out, at });
            return at;
          },
          scratch: (bytes) => heap.scratch(bytes),
        });
        for (const { out, at } of staged) out.data.set(viewAt(out.dtype as DType, at, out.size), out.offset);
      } finally {
        heap.leave(top);
      }
    },
  };
}
