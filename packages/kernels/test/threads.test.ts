import { ArgumentError } from "@lodo/tensor";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Exports } from "../src/exports.ts";
import { type Piece, writeProgram } from "../src/threads/control.ts";
import { alone, type Crew, crew } from "../src/threads/crew.ts";
import { compileVariant } from "../src/variant.ts";

describe("a crew", () => {
  let memory: WebAssembly.Memory;
  let exports: Exports;
  const crews: Crew[] = [];

  beforeAll(async () => {
    const module = await compileVariant("shared");
    memory = new WebAssembly.Memory({ initial: 64, maximum: 64, shared: true });
    const instance = await WebAssembly.instantiate(module, { env: { memory, abort: () => {} } });
    exports = instance.exports as unknown as Exports;
    for (const threads of [1, 2, 3, 5]) crews.push(await crew(module, memory, exports, threads));
  });
  afterAll(() => Promise.all(crews.map((c) => c.close())));

  const [from, to] = [2 ** 20, 2 ** 21];

  /** Piece p copies eight numbers to its own place, in as many calls as told. */
  const copies = (pieces: number, calls: number): Piece[] =>
    Array.from({ length: pieces }, (_, p) =>
      Array.from({ length: calls }, () => ({ name: "pack_f32", args: [from + 32 * p, 32, 4, 1, 8, to + 32 * p] })),
    );

  it("runs every piece, whatever the number of threads and of pieces, job after job", () => {
    const source = new Float32Array(memory.buffer, from, 8 * 500);
    const target = new Float32Array(memory.buffer, to, 8 * 500);
    fc.assert(
      fc.property(fc.constantFrom(...crews), fc.nat(500), fc.integer({ min: 1, max: 3 }), fc.nat(1000), ({ run }, pieces, calls, seed) => {
        for (let i = 0; i < source.length; i++) source[i] = seed + i;
        target.fill(-1);
        run(copies(pieces, calls));
        expect(target.findIndex((v, i) => v !== (i < 8 * pieces ? seed + i : -1))).toBe(-1);
      }),
      { numRuns: 300 },
    );
  });

  it("runs a job alone that is too large to be written down", () => {
    const target = new Float32Array(memory.buffer, to, 8);
    new Float32Array(memory.buffer, from, 8).fill(3);
    target.fill(-1);
    for (const { run } of crews) run(copies(1, 20_000));
    expect(target).toEqual(new Float32Array(8).fill(3));
  });

  it("has as many threads as asked, and refuses what is no number of them", async () => {
    expect(crews.map(({ threads }) => threads)).toEqual([1, 2, 3, 5]);
    const module = await compileVariant("shared");
    for (const threads of [0, -1, 1.5, Number.NaN, 1000]) {
      await expect(crew(module, memory, exports, threads)).rejects.toThrow(ArgumentError);
      await expect(crew(module, memory, exports, threads)).rejects.toThrow(`threads must be an integer from 1 to 256, got ${threads}`);
    }
    expect(alone(exports).threads).toBe(1);
  });
});

it("a program says where each piece's calls begin, and whether there was room", () => {
  const program = new Float64Array(16);
  const pieces: Piece[] = [
    [{ name: "f", args: [7, 8] }],
    [
      { name: "g", args: [] },
      { name: "f", args: [9] },
    ],
  ];
  const indexOf = new Map([
    ["f", 0],
    ["g", 1],
  ]);
  expect(writeProgram(program, pieces, indexOf)).toBe(true);
  expect(Array.from(program.subarray(0, 12))).toEqual([3, 7, 12, 0, 2, 7, 8, 1, 0, 0, 1, 9]);
  expect(writeProgram(program, [...pieces, ...pieces], indexOf)).toBe(false);
});
