import type { Strided } from "@lodo/tensor";
import type { Pass, Texels } from "../device/device.ts";
import type { Bench } from "../rule.ts";
import { coordinates, position, sizeOf } from "./positions.ts";

export const fours = (n: number): number => Math.ceil(n / 4);

/**
 * A view [..., m, n] as packed texels [..., rows, ⌈n/4⌉], four neighbours of the last axis in each: one fetch then brings four operands. What lies
 * beyond m or n is 0.
 */
export function pack(bench: Bench, x: Strided, rows: number = x.shape[x.shape.length - 2] as number): Texels {
  const rank = x.shape.length;
  const [m, n] = x.shape.slice(-2) as [number, number];
  const groups = fours(n);
  const shape = [...x.shape.slice(0, -2), rows, groups];
  const at = coordinates("this.thread.x", shape);
  const group = at[rank - 1] as string;
  const start = position("o", [...at.slice(0, -1), `(${group}) * 4`], x.stride);
  const step = x.stride[rank - 1] as number;
  const loads = ["a", "b", "c", "d"].map((name, j) => {
    const load = `${name} = x[${start} + ${j * step}];`.replace("+ -", "- ");
    const outside = n % 4 !== 0 && j > 0;
    return outside ? `if ((${group}) * 4 + ${j} < ${n}) { ${load} }` : load;
  });
  const inside = rows > m ? `if (${at[rank - 2]} < ${m}) { ${loads.join(" ")} }` : loads.join(" ");
  const source = `function (x, o) { let a = 0.0; let b = 0.0; let c = 0.0; let d = 0.0; ${inside} return [a, b, c, d]; }`;
  const { texels, offset } = bench.place(x);
  return bench.pass({ source, size: sizeOf(shape), packed: true }, [texels], { integers: [offset] });
}

/** Packed texels [rows, ⌈n/4⌉] as numbers [rows, n]. */
export function unpacking(rows: number, n: number): Pass {
  const [row, column] = coordinates("this.thread.x", [rows, n]) as [string, string];
  const source = `function (x) {
  const v = x[(${row}) * ${fours(n)} + quotient(${column}, 4)];
  const j = remainder(${column}, 4);
  let y = v[0];
  if (j === 1) { y = v[1]; }
  if (j === 2) { y = v[2]; }
  if (j === 3) { y = v[3]; }
  return y;
}`;
  return { source, size: rows * n, packed: false };
}

/** r += v₀ f[at] + v₁ f[at + row] + v₂ f[at + 2 row] + v₃ f[at + 3 row], four columns at a time: sixteen multiply-adds for five fetches. */
export function fourByFour(v: string, f: string, at: string, row: number): string {
  const rows = [0, 1, 2, 3].map((j) => `const w${j} = ${f}[${at} + ${j * row}];`).join(" ");
  const sums = [0, 1, 2, 3].map((c) => `r${c} += ${[0, 1, 2, 3].map((j) => `${v}[${j}] * w${j}[${c}]`).join(" + ")};`).join(" ");
  return `${rows} ${sums}`;
}

export const fourZeros = "let r0 = 0.0; let r1 = 0.0; let r2 = 0.0; let r3 = 0.0;";
export const fourSums = "return [r0, r1, r2, r3];";
