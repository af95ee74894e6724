import { ArgumentError, withBackend } from "@lodo/tensor";
import { arraysIn, buildCall, casesFactor, kernelCases, ordinaryMemory, suiteSeed } from "@lodo/testkit";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Exports } from "../src/exports.ts";
import { type Simd, simd } from "../src/simd.ts";
import { alone, type Crew, crew } from "../src/threads/crew.ts";
import { rangesOf } from "../src/threads/ranges.ts";
import { compileVariant } from "../src/variant.ts";

/** Shares whatever can be shared. */
const shareAbove = 0;

describe("a crew", () => {
  let memory: WebAssembly.Memory;
  let exports: Exports;
  const crews: Crew[] = [];
  const [from, to] = [2 ** 20, 2 ** 21];
  const MOST = 4000;

  beforeAll(async () => {
    const module = await compileVariant("shared");
    memory = new WebAssembly.Memory({ initial: 64, maximum: 65536, shared: true });
    const instance = await WebAssembly.instantiate(module, { env: { memory, abort: () => {} } });
    exports = instance.exports as unknown as Exports;
    crews.push(alone);
    for (const threads of [2, 3, 5]) crews.push(await crew(module, memory, exports, { threads, shareAbove }));
  });
  afterAll(() => Promise.all(crews.map((c) => c.close())));

  it("calls a function once on every range, whatever the number of threads and of ranges, job after job", () => {
    const source = new Float32Array(memory.buffer, from, MOST);
    const target = new Float32Array(memory.buffer, to, MOST);
    const boundsOf = fc.uniqueArray(fc.integer({ min: 0, max: MOST / 4 }), { minLength: 2, maxLength: 200 });
    fc.assert(
      fc.property(fc.constantFrom(...crews), boundsOf, ({ run }, points) => {
        const bounds = points.sort((a, b) => a - b).map((p) => 4 * p);
        for (let i = 0; i < MOST; i++) source[i] = i + 1;
        target.fill(0);
        run(exports["neg_f32"] as never, [from, to, 0, 0], 2, bounds);
        const [first, last] = [bounds[0] as number, bounds.at(-1) as number];
        expect(target.findIndex((v, i) => v !== (i < first || i >= last ? 0 : -(i + 1)))).toBe(-1);
      }),
      { numRuns: 300, seed: suiteSeed(process.env) },
    );
  });

  it("says that a range failed on whatever thread, waits for the others, and goes on afterwards", () => {
    const end = memory.buffer.byteLength;
    const source = new Float32Array(memory.buffer, end - 4 * MOST, MOST).fill(1);
    const target = new Float32Array(memory.buffer, to, MOST);
    const bounds = Array.from({ length: 11 }, (_, i) => (i * MOST) / 10);
    const negate = (run: Crew["run"], at: number): void => run(exports["neg_f32"] as never, [at, to, 0, 0], 2, bounds);
    for (const { run } of crews) {
      for (let i = 0; i < 20; i++) {
        // The last range alone ends beyond the memory.
        expect(() => negate(run, end - 4 * MOST + 16)).toThrow(/memory access|failed on another thread/);
        target.fill(0);
        negate(run, end - 4 * MOST);
        expect(target).toEqual(source.map((x) => -x));
      }
    }
  });

  it("computes alone when it is closed", async () => {
    const closing = await crew(await compileVariant("shared"), memory, exports, { threads: 2, shareAbove });
    const target = new Float32Array(memory.buffer, to, 8).fill(0);
    new Float32Array(memory.buffer, from, 8).fill(3);
    const closed = closing.close();
    for (let i = 0; i < 1000; i++) closing.run(exports["neg_f32"] as never, [from, to, 0, 0], 2, [0, 4, 8]);
    await closed;
    closing.run(exports["neg_f32"] as never, [from, to, 0, 0], 2, [0, 4, 8]);
    expect(target).toEqual(new Float32Array(8).fill(-3));
  });

  it("does a job alone that is too large to be written down", () => {
    const target = new Float32Array(memory.buffer, to, 8);
    new Float32Array(memory.buffer, from, 8).fill(3);
    const bounds = Array.from({ length: 70_000 }, (_, i) => (i < 69_999 ? 0 : 8));
    for (const { run } of crews) {
      target.fill(0);
      run(exports["neg_f32"] as never, [from, to, 0, 0], 2, bounds);
      expect(target).toEqual(new Float32Array(8).fill(-3));
    }
  });
});

describe("ranges", () => {
  it("lie end to end from 0 to the total, and begin at multiples of the grain", () => {
    const costs = fc.record({ nanoseconds: fc.nat(10 ** 6), grain: fc.integer({ min: 1, max: 32 }) });
    const threads = fc.record({ threads: fc.integer({ min: 1, max: 64 }), shareAbove: fc.constantFrom(0, 40_000) });
    fc.assert(
      fc.property(fc.nat(10_000), costs, threads, (total, cost, many) => {
        const bounds = rangesOf(total, cost, many);
        expect([bounds[0], bounds.at(-1)]).toEqual([0, total]);
        expect(bounds.every((b, i) => i === 0 || b > (bounds[i - 1] as number) || total === 0)).toBe(true);
        expect(bounds.slice(0, -1).every((b) => b % cost.grain === 0)).toBe(true);
        if (many.threads === 1 || cost.nanoseconds < many.shareAbove) expect(bounds).toHaveLength(2);
        else expect((bounds.length - 1) * many.shareAbove).toBeLessThanOrEqual(Math.max(2 * cost.nanoseconds, many.shareAbove));
      }),
    );
  });
});

describe("a SIMD backend of several threads", () => {
  const single: Simd[] = [];
  const several: Simd[] = [];
  beforeAll(async () => {
    single.push(await simd({ memory: 2 ** 26 }));
    for (const threads of [2, 3]) several.push(await simd({ memory: 2 ** 26, threads, shareAbove }));
  });
  afterAll(() => Promise.all(several.map((backend) => backend.close())));

  it("has cases of every kernel", () => {
    const [one] = single as [Simd];
    expect([...one.kernels.keys()].filter((kernel) => !kernelCases.some((cases) => cases.kernel === kernel))).toEqual([]);
  });

  for (const { kernel, calls } of kernelCases) {
    it(`computes the bits of one thread: ${kernel}`, ({ skip }) => {
      const [one] = single as [Simd];
      skip(!one.kernels.has(kernel), "left to the reference");
      const results = (backend: Simd, call: readonly unknown[]) =>
        withBackend(backend, () => {
          const run = backend.kernels.get(kernel) as (...args: readonly unknown[]) => unknown;
          return arraysIn(run(...buildCall(call, ordinaryMemory).args)).map((numbers) => Float64Array.from(numbers));
        });
      fc.assert(
        fc.property(calls, (call) => {
          const expected = results(one, call);
          for (const backend of several) expect(results(backend, call)).toEqual(expected);
        }),
        { numRuns: 40 * casesFactor(process.env), seed: suiteSeed(process.env) },
      );
    });
  }

  it("refuses what is no number of threads, and more than its memory has room for", async () => {
    for (const threads of [0, -1, 1.5, Number.NaN, 1000]) {
      await expect(simd({ threads })).rejects.toThrow(ArgumentError);
      await expect(simd({ threads })).rejects.toThrow(`simd: threads must be an integer from 1 to 256, got ${threads}`);
    }
    await expect(simd({ threads: 4, memory: 2 ** 24 })).rejects.toThrow("simd: 4 threads need a memory of at least 32 MiB, got 16 MiB");
    await expect(simd({ threads: 2, shareAbove: -1 })).rejects.toThrow(
      "simd: shareAbove must be a number of nanoseconds from 0 on, got -1",
    );
  });

  it("has the threads that were asked for", () => {
    expect([...single, ...several].map(({ threads }) => threads)).toEqual([1, 2, 3]);
  });
});
