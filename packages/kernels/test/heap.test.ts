import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ArgumentError, BackendError, type Data, type DType } from "@lodo/tensor";
import { array, assert, constantFrom, integer, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { WasmHeap } from "../src/heap.ts";
import { simd } from "../src/index.ts";

const heapOf = (pages: number): WasmHeap => new WasmHeap(new WebAssembly.Memory({ initial: pages, maximum: pages }));

/** What happens next, with a number that says of which size, or to which of those at hand. */
const actions = array(
  record({
    action: constantFrom("allocate", "allocate", "free", "scratch", "leave"),
    dtype: constantFrom<DType>("float32", "float64"),
    n: integer({ min: 0, max: 4000 }),
  }),
  { maxLength: 80 },
);

/** Memory marked with a number of its own from end to end. */
interface Marked {
  readonly data: Data;
  readonly mark: number;
}

const expectMarked = ({ data, mark }: Marked): void => {
  if (data.some((x) => x !== mark)) throw new Error(`memory at ${data.byteOffset} was overwritten`);
};

describe("the heap", () => {
  it("never hands out a number twice, however blocks and scratch come and go, and ends as it began", () => {
    assert(
      property(actions, (drawn) => {
        const heap = heapOf(16);
        const start = heap.extent;
        const blocks: Marked[] = [];
        const scratch: { readonly top: number; readonly marked: Marked }[] = [];
        let mark = 1;
        for (const { action, dtype, n } of drawn) {
          if (action === "allocate") blocks.push({ data: heap.allocate(dtype, n), mark });
          if (action === "free") for (const block of blocks.splice(n % (blocks.length + 1), 1)) heap.free(block.data);
          if (action === "scratch") {
            const top = heap.enter();
            scratch.push({ top, marked: { data: new Float64Array(heap.buffer, heap.scratch(8 * n), n), mark } });
          }
          const left = action === "leave" ? scratch.pop() : undefined;
          if (left) heap.leave(left.top);
          const fresh = action === "allocate" ? blocks.at(-1) : action === "scratch" ? scratch.at(-1)?.marked : undefined;
          fresh?.data.fill(mark++);
          // Asked thousands of times, which `expect` is too slow for.
          if (fresh && fresh.data.byteOffset % 64 !== 0) throw new Error(`memory at ${fresh.data.byteOffset} begins within a cache line`);
          blocks.forEach(expectMarked);
          for (const { marked } of scratch) expectMarked(marked);
        }
        for (const { data } of blocks) heap.free(data);
        expect(heap.extent).toBe(start);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it("uses what was freed again, and joins neighbours", () => {
    const heap = heapOf(16);
    const blocks = Array.from({ length: 8 }, () => heap.allocate("float64", 1000));
    const last = heap.allocate("float64", 1);
    const full = heap.extent;
    for (const i of [1, 3, 2, 5, 4]) heap.free(blocks[i] as Data);
    // Five blocks of 8000 bytes and their slack, in one piece.
    heap.allocate("float64", 5000);
    expect(heap.extent).toBe(full);
    heap.free(last);
    expect(heap.extent).toBeLessThan(full);
  });

  it("says at its limit what is taken and what to do, and goes on afterwards", () => {
    const heap = heapOf(16);
    const half = heap.allocate("float32", 2 ** 17);
    expect(() => heap.allocate("float64", 2 ** 17)).toThrow(
      new BackendError(
        "simd",
        "no room for 1.0 MiB: 0.5 MiB of its 1.0 MiB are taken; give it more (memory), or compute in smaller batches",
      ),
    );
    expect(() => heap.scratch(2 ** 20)).toThrow(BackendError);
    heap.free(half);
    expect(heap.allocate("float32", 2 ** 17).length).toBe(2 ** 17);
  });

  it("refuses what it did not hand out, and what it has back", () => {
    const heap = heapOf(16);
    const data = heap.allocate("float32", 10);
    heap.free(data);
    expect(() => heap.free(data)).toThrow(ArgumentError);
    expect(() => heap.free(new Float32Array(10))).toThrow("expected memory that this heap handed out");
  });

  it("gets back what is merely forgotten", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const heap = heapOf(256);
    const start = heap.extent;
    (() => {
      for (let i = 0; i < 10; i++) heap.allocate("float64", 1000);
    })();
    expect(heap.extent).toBeGreaterThan(start + 80_000);
    for (let i = 0; i < 50 && heap.extent > start; i++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(heap.extent).toBe(start);
  });
});

describe("simd", () => {
  it.each([0, 1000, -1, Number.NaN, 2 ** 33, "1 GiB" as unknown as number, null as unknown as number])(
    "refuses a memory of %s",
    async (memory) => {
      await expect(simd({ memory })).rejects.toThrow(ArgumentError);
      await expect(simd({ memory })).rejects.toThrow("simd: memory must be between 1 MiB and 4 GiB, got ");
    },
  );
});
