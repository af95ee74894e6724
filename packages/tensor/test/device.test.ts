import { describe, expect, it } from "vitest";
import {
  add,
  adopt,
  array,
  type Backend,
  broadcastTo,
  createArena,
  type Data,
  type DeviceMemory,
  deviceOf,
  deviceStorage,
  grad,
  type Heap,
  item,
  mul,
  read,
  reshape,
  ScopeError,
  type Strided,
  scale,
  slice,
  sum,
  type Tensor,
  tensor,
  tensorsIn,
  transpose,
  type Vector,
  vector,
  withBackend,
} from "../src/index.ts";

/** A device that counts what is asked of it: its only kernel doubles float32 vectors, and keeps the result to itself. */
function countingDevice(): { readonly backend: Backend; readonly counts: { fetched: number; read: number; freed: number } } {
  const counts = { fetched: 0, read: 0, freed: 0 };
  const memory = (data: Data): DeviceMemory => ({
    size: data.length,
    fetch: () => {
      counts.fetched++;
      return data;
    },
    read: async () => {
      counts.read++;
      return data;
    },
  });
  const double = (x: Strided): Strided => {
    const from = deviceOf(x)?.fetch() ?? x.data;
    const device = memory(Float32Array.from(from, (v) => 2 * v));
    adopt(device, () => {
      counts.freed++;
    });
    return deviceStorage(device, x.shape);
  };
  return { backend: { name: "counting", kernels: new Map([["neg", double]]) }, counts };
}

const float32 = { dtype: "float32" } as const;

describe("numbers on a device", () => {
  it("stay there while only their shape is looked at, and are read as ordinary ones are", async () => {
    const { backend, counts } = countingDevice();
    const { neg } = await import("../src/index.ts");
    const x = tensor([1, 2, 3, 4, 5, 6], [2, 3], float32);
    const y = withBackend(backend, () => neg(x));
    const views = [transpose(y), slice(y, { start: [1, 1] }), broadcastTo(y, [2, 2, 3]), reshape(y, [6])];
    expect([y.shape, y.dtype, ...views.map((v) => v.shape)]).toEqual([[2, 3], "float32", [3, 2], [1, 2], [2, 2, 3], [6]]);
    expect(counts).toEqual({ fetched: 0, read: 0, freed: 0 });
    expect(await read(y)).toEqual(Float32Array.of(2, 4, 6, 8, 10, 12));
    expect(counts.read).toBe(1);
    expect(views.map((v) => Array.from(array(v)))).toEqual([
      [2, 8, 4, 10, 6, 12],
      [10, 12],
      [2, 4, 6, 8, 10, 12, 2, 4, 6, 8, 10, 12],
      [2, 4, 6, 8, 10, 12],
    ]);
    expect(array(add(y, transpose(transpose(y))))).toEqual(Float32Array.of(4, 8, 12, 16, 20, 24));
  });

  it("pass through differentiation", async () => {
    const { neg } = await import("../src/index.ts");
    const { backend } = countingDevice();
    const f = (x: Vector) => sum(mul(neg(x), x));
    // The device's rule for "neg" doubles, forward and backward: the gradient of 2x·x is 2·x + 2x.
    expect(array(withBackend(backend, () => grad(f)(vector([1, 3], float32))))).toEqual(Float32Array.of(4, 12));
  });

  it("are freed when their arena ends, unless returned, and then when consumed", async () => {
    const { neg } = await import("../src/index.ts");
    const { backend, counts } = countingDevice();
    const arena = createArena();
    const lost: Tensor[] = [];
    const kept = withBackend(backend, () =>
      arena.run(() => {
        const first = neg(vector([1, 2], float32));
        lost.push(first);
        return neg(first);
      }, tensorsIn),
    );
    expect(counts.freed).toBe(1);
    expect(() => array(lost[0] as Tensor)).toThrow(ScopeError);
    expect(array(kept)).toEqual(Float32Array.of(4, 8));
    arena.run(() => scale(2, kept), tensorsIn, [kept]);
    expect(counts.freed).toBe(2);
    expect(() => array(kept)).toThrow(ScopeError);
  });
});

describe("a backend's heap", () => {
  function heapOf(bytes: number): Heap & { readonly free: (data: Data) => void; inUse: number } {
    const memory = new ArrayBuffer(bytes);
    let next = 0;
    const heap = {
      inUse: 0,
      allocate: (dtype: "float64" | "float32", size: number): Data => {
        heap.inUse++;
        const at = next;
        next += 8 * size;
        return dtype === "float64" ? new Float64Array(memory, at, size) : new Float32Array(memory, at, size);
      },
      free: (): void => {
        heap.inUse--;
      },
    };
    return heap;
  }

  it("holds what arenas allocate, and gets it back when they close", () => {
    const heap = heapOf(4096);
    const backend: Backend = { name: "heap", kernels: new Map(), heap };
    const arena = createArena();
    withBackend(backend, () => {
      const outside = add(vector([1, 2]), 1);
      expect(heap.inUse).toBe(0);
      let x = outside;
      const step = (): void => {
        const before = x;
        x = arena.run(() => add(before, 1), tensorsIn, [before]);
      };
      for (let t = 0; t < 3; t++) step();
      const inUse = heap.inUse;
      for (let t = 0; t < 100; t++) step();
      expect(heap.inUse).toBe(inUse);
      expect(array(x)).toEqual(Float64Array.of(105, 106));
      arena.close();
      expect([heap.inUse, arena.pooledBytes]).toEqual([1, 0]);
      expect(item(sum(x))).toBe(211);
    });
  });
});
