import { contiguousKernel, type Data, type DType, isContiguous, type Strided } from "@lodo/tensor";
import type { Exports, WasmFunction } from "./exports.ts";
import type { WasmHeap } from "./heap.ts";
import type { Crew } from "./threads/crew.ts";
import { rangesOf } from "./threads/ranges.ts";

/** Addresses for one call of a kernel: of arrays on the heap where they lie there, of copies in scratch where they do not. */
export interface Frame {
  /** Does a view lie on the heap? */
  lies(x: Strided): boolean;
  /** Where the first number of a view on the heap stands. */
  address(x: Strided): number;
  /** Where the numbers of a view stand, dense in row-major order. */
  dense(x: Strided): number;
  /** Where the first number of a view stands; its strides are those of the result. For kernels that walk strides. */
  strided(x: Strided): Located;
  /** Where to write a dense result; it is in place when the call ends. */
  result(out: Strided): number;
  /** Room for a kernel's own use. */
  scratch(bytes: number): number;
  /** Room of each thread's own: in assembly/, `own` tells a thread where. What a kernel writes there is lost with its range. */
  own(bytes: number): number;
  /**
   * Calls a function on a range, from 0 to `total`: the two arguments at `place`. Where it is expected to take long enough in one thread, several share it,
   * each a range of multiples of `grain`.
   */
  share(f: WasmFunction, args: number[], place: number, total: number, cost: Cost): void;
}

/** What a whole range takes in one thread, about, and what its parts begin at multiples of. */
export interface Cost {
  readonly nanoseconds: number;
  readonly grain?: number;
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

/** A result in ordinary memory, and where on the heap it is written. */
interface Staged {
  readonly out: Strided;
  readonly at: number;
}

/** Strides in bytes of a dense array. */
function denseStrides({ shape, data }: Strided): readonly number[] {
  const stride = new Array<number>(shape.length);
  let step = data.BYTES_PER_ELEMENT;
  for (let d = shape.length - 1; d >= 0; d--) {
    stride[d] = step;
    step *= shape[d] as number;
  }
  return stride;
}

export function createMachine(exports: Exports, heap: WasmHeap, crew: Crew): Machine {
  // No block of the heap stands at 0; and to ask a small array of V8 for its buffer moves it out of V8's own heap, which is slow.
  const lies = ({ data }: Strided): boolean => data.byteOffset !== 0 && data.buffer === heap.buffer;
  const address = ({ data, offset }: Strided): number => data.byteOffset + offset * data.BYTES_PER_ELEMENT;

  const viewAt = (dtype: DType, at: number, size: number): Data =>
    dtype === "float64" ? new Float64Array(heap.buffer, at, size) : new Float32Array(heap.buffer, at, size);

  /** Copies into scratch. */
  const stage = (x: Strided): number => {
    const at = heap.scratch(x.size * x.data.BYTES_PER_ELEMENT);
    const { data, offset } = contiguousKernel.reference(x);
    viewAt(x.dtype as DType, at, x.size).set(data.subarray(offset, offset + x.size));
    return at;
  };

  /** Copies a view as it lies, gaps and all, if that is no more than its numbers one by one; null where it is more. */
  const stageAsItLies = (x: Strided): Located | null => {
    const bytes = x.data.BYTES_PER_ELEMENT;
    let span = 1;
    for (let d = 0; d < x.shape.length; d++) span += ((x.shape[d] as number) - 1) * (x.stride[d] as number);
    if (x.size === 0 || span > x.size || x.stride.some((s) => s < 0)) return null;
    const at = heap.scratch(span * bytes);
    viewAt(x.dtype as DType, at, span).set(x.data.subarray(x.offset, x.offset + span));
    return { at, stride: x.stride.map((s) => s * bytes) };
  };

  /** Is all that the call under way writes for itself in the threads' own regions? */
  let shareable = true;

  /** Results of the calls that are under way. */
  const staged: Staged[] = [];

  const frame: Frame = {
    lies,
    address,
    dense: (x) => (lies(x) && isContiguous(x) ? address(x) : stage(x)),
    strided: (x) =>
      lies(x)
        ? { at: address(x), stride: x.stride.map((s) => s * x.data.BYTES_PER_ELEMENT) }
        : (stageAsItLies(x) ?? { at: stage(x), stride: denseStrides(x) }),
    result(out) {
      if (lies(out)) return address(out);
      const at = heap.scratch(out.size * out.data.BYTES_PER_ELEMENT);
      staged.push({ out, at });
      return at;
    },
    scratch: (bytes) => heap.scratch(bytes),
    own(bytes) {
      const at = heap.ownScratch(bytes);
      if (at !== null) return at;
      shareable = false;
      return heap.scratch(bytes);
    },
    share(f, args, place, total, cost) {
      const bounds = shareable ? rangesOf(total, cost, crew) : [0, total];
      if (bounds.length > 2) crew.run(f, args, place, bounds);
      else {
        args[place] = 0;
        args[place + 1] = total;
        f(...args);
      }
    },
  };

  return {
    exports,
    heap,
    call(body) {
      const top = heap.enter();
      const before = staged.length;
      shareable = crew.threads > 1;
      try {
        body(frame);
        for (let i = before; i < staged.length; i++) {
          const { out, at } = staged[i] as Staged;
          out.data.set(viewAt(out.dtype as DType, at, out.size), out.offset);
        }
      } finally {
        staged.length = before;
        heap.leave(top);
      }
    },
  };
}
