import { array, createArena, createRng, type DType, gather, normal, scatterAdd, slice, type Vector, withBackend } from "@lodo/tensor";
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

  it("give the bits of the reference with more lists than their cache holds", () => {
    const n = 2 ** 16;
    const x = normal(createRng(1), [n]);
    const lists = Array.from({ length: 20 }, (_, s) => Int32Array.from({ length: n }, (_, i) => (i * (2 * s + 1)) % n));
    for (const _ of [1, 2])
      for (const indices of lists) expect(withBackend(backend, () => array(gather(x, indices)))).toEqual(array(gather(x, indices)));
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

  it("knows permutations, and how far indices reach", async () => {
    const cache = new IndexCache((await simd({ memory: 2 ** 20 })).heap);
    const about = (...lists: readonly (readonly number[])[]) => {
      const { bound, arePermutations } =
        cache.get(
          {},
          lists.map((list) => Int32Array.from(list)),
        ) ?? {};
      return [bound, arePermutations];
    };
    expect(about([2, 0, 1], [0, 1, 2])).toEqual([3, true]);
    expect(about([2, 0, 1], [0, 1, 1])).toEqual([3, false]);
    expect(about([5, 0])).toEqual([6, false]);
    expect(about([-1, 0])).toEqual([Number.POSITIVE_INFINITY, false]);
    expect(about([])).toEqual([0, true]);
  });
});
