import { createRng } from "@lodo/tensor";
import { array, assert, constantFrom, integer, property, record } from "fast-check";
import { expect, it } from "vitest";
import type { Exports, WasmFunction } from "../src/exports.ts";
import { compileVariant } from "../src/variant.ts";

const memory = new WebAssembly.Memory({ initial: 1024, maximum: 65536 });
const instance = await WebAssembly.instantiate(await compileVariant("plain"), { env: { memory, abort: () => {} } });
const exports = instance.exports as unknown as Exports;

/** Places in memory, 4 MiB each: two inputs, the result, and scratch. */
const PLACE = 2 ** 22;
const [X, Y, OUT, SCRATCH] = [PLACE, 2 * PLACE, 3 * PLACE, 4 * PLACE] as const;
const MOST = 2 ** 17;

/** How many units there are to split, in multiples of what, what they come to, and the call for some of them. */
interface Ranged {
  readonly units: number;
  /** Numbers of the result for each unit. */
  readonly each: number;
  readonly multiple?: number;
  /** Of the result, where it is not the one drawn. */
  readonly dtype?: Suffix;
  readonly run: (from: number, to: number) => void;
}

type Suffix = "f32" | "f64";
const call = (name: string, suffix: Suffix, ...args: readonly number[]): void => (exports[`${name}_${suffix}`] as WasmFunction)(...args);
const bytes = (suffix: Suffix): number => (suffix === "f64" ? 8 : 4);

/** Kernels on a matrix of M rows and N columns, or with K columns in between. */
const kernels: Readonly<Record<string, (t: Suffix, M: number, N: number, K: number) => Ranged>> = {
  multiply: (t, M, N, K) => {
    const size = bytes(t);
    call("pack", t, Y, N * size, size, K, N, SCRATCH + 2 ** 20);
    return {
      units: Math.max(4, M),
      each: N,
      run: (from, to) => call("multiply", t, X, K * size, size, SCRATCH + 2 ** 20, OUT, from, to, N, K, 8, 0, SCRATCH),
    };
  },
  "multiply, of columns": (t, M, N, K) => {
    const size = bytes(t);
    const rows = Math.max(4, M);
    call("pack", t, Y, size, K * size, K, N, SCRATCH + 2 ** 20);
    return {
      units: rows,
      each: N,
      run: (from, to) => call("multiply", t, X, size, rows * size, SCRATCH + 2 ** 20, OUT, from, to, N, K, 8, SCRATCH + 2 ** 21, SCRATCH),
    };
  },
  vectorTimesMatrix: (t, _, N, K) => {
    const size = bytes(t);
    call("packVector", t, X, size, K, SCRATCH + 2 ** 20);
    return {
      units: N,
      each: 1,
      run: (from, to) => call("vectorTimesMatrix", t, SCRATCH + 2 ** 20, Y, N * size, size, OUT, from, to, K, SCRATCH),
    };
  },
  "vectorTimesMatrix, of columns": (t, _, N, K) => {
    const size = bytes(t);
    call("packVector", t, X, size, K, SCRATCH + 2 ** 20);
    return {
      units: N,
      each: 1,
      run: (from, to) => call("vectorTimesMatrix", t, SCRATCH + 2 ** 20, Y, size, K * size, OUT, from, to, K, SCRATCH),
    };
  },
  add: (t, M, N) => ({ units: M, each: N, run: (from, to) => call("add", t, X, N * bytes(t), 0, Y, 0, 0, OUT, from, to, N) }),
  select: (t, M, N) => ({
    units: M,
    each: N,
    run: (from, to) => call("select", t, X, N * bytes(t), 0, Y, 0, 0, X, 0, 1, OUT, from, to, N),
  }),
  sqrt: (t, M, N) => ({ units: M * N, each: 1, multiple: 4, run: (from, to) => call("sqrt", t, X, OUT, from, to) }),
  atan: (_, M, N) => ({ units: M * N, each: 1, multiple: 4, dtype: "f32", run: (from, to) => call("atan", "f32", X, OUT, from, to) }),
  castTo: (t, M, N) => ({ units: M * N, each: 1, multiple: 4, run: (from, to) => call("castTo", t, X, OUT, from, to) }),
  sumRows: (t, M, N) => ({ units: M, each: 1, run: (from, to) => call("sumRows", t, X, OUT, from, to, N) }),
  sumColumns: (t, M, N) => ({ units: Math.ceil(M / 3), each: N, run: (from, to) => call("sumColumns", t, X, OUT, from, to, M, 3, N) }),
  maxColumns: (t, M, N) => ({ units: Math.ceil(M / 3), each: N, run: (from, to) => call("maxColumns", t, X, OUT, from, to, M, 3, N) }),
  copyMatrix: (t, M, N) => ({ units: M, each: N, run: (from, to) => call("copyMatrix", t, X, bytes(t), M * bytes(t), OUT, from, to, N) }),
};

const drawn = record({
  t: constantFrom<Suffix>("f32", "f64"),
  M: integer({ min: 1, max: 40 }),
  N: integer({ min: 1, max: 300 }),
  K: integer({ min: 0, max: 20 }),
  cuts: array(integer({ min: 0, max: 10_000 }), { maxLength: 4 }),
  seed: integer({ min: 0, max: 1000 }),
});

const fill = (at: number, t: Suffix, seed: number): void => {
  const rng = createRng(seed);
  const data = t === "f64" ? new Float64Array(memory.buffer, at, MOST / 8) : new Float32Array(memory.buffer, at, MOST / 8);
  for (let i = 0; i < data.length; i++) data[i] = rng.uniform() - 0.25;
};

const result = (): Uint8Array<ArrayBuffer> => new Uint8Array(memory.buffer, OUT, MOST).slice();

/** How many of the first numbers of a result are still as they were before it, all ones; no number that a kernel gives begins so. */
function unwritten(result: Uint8Array<ArrayBuffer>, count: number, t: Suffix): number {
  const words = new Uint32Array(result.buffer);
  const each = bytes(t) / 4;
  return Array.from({ length: count }, (_, i) => words[each * (i + 1) - 1]).filter((word) => word === 2 ** 32 - 1).length;
}

it.each(Object.entries(kernels))(
  "%s: all of the range and nothing beyond it, the same bits however it is split, in any order",
  (_, kernel) => {
    assert(
      property(drawn, ({ t, M, N, K, cuts, seed }) => {
        fill(X, t, seed);
        fill(Y, t, seed + 1);
        const { units, each, multiple = 1, dtype = t, run } = kernel(t, M, N, K);
        const whole = new Uint8Array(memory.buffer, OUT, MOST).fill(0xff);
        run(0, units);
        const expected = result();
        expect(unwritten(expected, units * each, dtype)).toBe(0);
        const end = units * each * bytes(dtype);
        expect(expected.subarray(end, end + 64).every((byte) => byte === 0xff)).toBe(true);
        whole.fill(0xff);
        const inner = cuts.map((cut) => (cut % (units + 1)) - ((cut % (units + 1)) % multiple));
        const ends = [...new Set([0, ...inner, units])].sort((a, b) => a - b);
        for (let i = ends.length - 1; i > 0; i--) run(ends[i - 1] as number, ends[i] as number);
        expect(Buffer.compare(result(), expected)).toBe(0);
      }),
      { seed: 1, numRuns: 100 },
    );
  },
);
