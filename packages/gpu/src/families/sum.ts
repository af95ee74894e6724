import type { Strided } from "@lodo/tensor";
import type { Pass, Texels } from "../device/device.ts";
import type { Bench, Result, Rule } from "../rule.ts";
import { coordinates, position, sizeOf } from "../source/positions.ts";

/** How many numbers one thread adds: sums are trees of this breadth, which keeps threads busy and errors small. */
const BREADTH = 64;

/** Sums of BREADTH at a time: `kept` results over `length` numbers each, the i-th at `positionOf(result, i)`, become [kept, parts]. */
function stage(
  kept: number,
  length: number,
  positionOf: (result: string, i: string) => string,
): { readonly pass: Pass; readonly parts: number } {
  const parts = Math.ceil(length / BREADTH);
  const [result, part] = coordinates("this.thread.x", [kept, parts]) as [string, string];
  const i = parts === 1 ? "p" : `(${part}) * ${BREADTH} + p`;
  const load = `s += x[${positionOf(result, i)}];`;
  const guarded = parts === 1 || length % BREADTH === 0 ? load : `if (${i} < ${length}) { ${load} }`;
  const breadth = Math.min(BREADTH, length);
  const source = `function (x, o) { let s = 0.0; for (let p = 0; p < ${breadth}; p++) { ${guarded} } return s; }`;
  return { pass: { source, size: kept * parts, packed: false }, parts };
}

/** The results of sums over `length` numbers each, the i-th of them at `positionOf(result, i)`. */
function reduce(
  bench: Bench,
  shape: readonly number[],
  length: number,
  from: { readonly texels: Texels; readonly offset: number },
  positionOf: (result: string, i: string) => string,
): Result {
  const kept = sizeOf(shape);
  let { texels, offset } = from;
  let { pass, parts } = stage(kept, length, positionOf);
  while (parts > 1) {
    const remaining = parts;
    texels = bench.pass(pass, [texels], { integers: [offset] });
    offset = 0;
    ({ pass, parts } = stage(kept, remaining, (result, i) => `o + (${result}) * ${remaining} + ${i}`));
  }
  return bench.result(shape, pass, [texels], { integers: [offset] });
}

/** Σ over the first axis of dense texels [rows, ...shape]. */
export const sumOfRows = (bench: Bench, texels: Texels, rows: number, shape: readonly number[]): Result =>
  reduce(bench, shape, rows, { texels, offset: 0 }, (result, i) => `o + (${i}) * ${sizeOf(shape)} + ${result}`);

/** Over axes, which stay with extent 1. */
export const sum: Rule<readonly [x: Strided, axes: readonly number[]]> = {
  name: "sum",
  operands: (x) => [x],
  work: (x) => x.size,
  run: (bench, x, axes) => {
    const shape = x.shape.map((n, d) => (axes.includes(d) ? 1 : n));
    const over = x.shape.map((n, d) => (axes.includes(d) ? n : 1));
    return reduce(bench, shape, sizeOf(over), bench.place(x), (result, i) =>
      position(position("o", coordinates(result, shape), x.stride), coordinates(`(${i})`, over), x.stride),
    );
  },
};
