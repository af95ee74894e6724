import {
  array,
  createArena,
  createRng,
  type DType,
  gather,
  normal,
  scatterAdd,
  slice,
  type Vector,
  vector,
  withBackend,
} from "@lodo/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simd } from "../src/index.ts";
import { IndexCache } from "../src/indices.ts";

const backend = await simd({ memory: 2 ** 24 });

describe("gather and scatterAdd in WebAssembly", () => {
  it("give the bits of the reference for any indices, strides and memory", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.nat(), { maxLength: 70 }),
        fc.constantFrom<DType>("float64", "float32"),
        fc.integer({ min: 1, max: 3 }),
        fc.integer(),
        (n, drawn, dtype, step, seed) => {
          const indices = Int32Array.from(drawn, (i) => i % n);
          const strided = (length: number): Vector =>
            slice(normal(createRng(seed), [1 + length * step], { dtype }), { stop: [length * step], step: [step] });
          const both = () => [array(gather(strided(n), indices)), array(scatterAdd(strided(indices.length), indices, { size: n }))];
          const expected = both();
          expect(withBackend(backend, both)).toEqual(expected);
          expect(withBackend(backend, () => createArena().run(both, () => []))).toEqual(expected);
        },
      ),
    );
  });

  it("read indices as they stand at the call, written over or not", () => {
    const x = vector([10, 20, 30]);
    const indices = new Int32Array(2);
    const both = () => [array(gather(x, indices)), array(scatterAdd(vector([1, 2]), indices, { size: 3 }))];
    for (const drawn of [
      [0, 1],
      [2, 1],
      [2, 2],
    ]) {
      indices.set(drawn);
      expect(withBackend(backend, both)).toEqual(both());
    }
  });
});

describe("an index cache", () => {
  it("keeps the copies used last, within an eighth of its heap, and gives the others back", async () => {
    const { heap } = await simd({ memory: 2 ** 20 });
    const cache = new IndexCache(heap);
    const lists = Array.from({ length: 9 }, (_, s) => new Int32Array(4096).fill(s));
    const first = cache.get(lists[0] as Int32Array, [lists[0] as Int32Array]);
    let extent = 0;
    for (const list of lists.slice(1)) {
      cache.get(list, [list]);
      expect(cache.get(lists[0] as Int32Array, [lists[0] as Int32Array])).toBe(first);
      if (list === lists[7]) extent = heap.extent;
    }
    expect(heap.extent).toBe(extent);
    const ninth = cache.get(lists[8] as Int32Array, [lists[8] as Int32Array]);
    expect(Array.from(new Int32Array(heap.buffer, ninth?.at, 4096))).toEqual(Array.from(lists[8] as Int32Array));
    expect(cache.get({}, [new Int32Array(2 ** 15 + 1)])).toBe(null);
  });

  it("knows permutations", async () => {
    const cache = new IndexCache((await simd({ memory: 2 ** 20 })).heap);
    const about = (...lists: readonly (readonly number[])[]) => {
      const copy = cache.get(
        {},
        lists.map((list) => Int32Array.from(list)),
      );
      return copy?.arePermutations;
    };
    expect(about([2, 0, 1], [0, 1, 2])).toBe(true);
    expect(about([2, 0, 1], [0, 1, 1])).toBe(false);
    expect(about([5, 0])).toBe(false);
    expect(about([-1, 0])).toBe(false);
    expect(about([])).toBe(true);
  });
});
