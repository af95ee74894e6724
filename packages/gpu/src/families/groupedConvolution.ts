import type { Strided } from "@lodo/tensor";
import type { Bench, Result } from "../rule.ts";
import { coordinates, position, sizeOf } from "../source/positions.ts";
import { pixelsUnder, placesOver } from "../source/windows.ts";
import type { Convolution } from "./convolutionShape.ts";

/* Convolutions of any groups, a number a thread. A depthwise convolution is one with a group for each channel. */

type Four = [string, string, string, string];

/** [n, oh, ow, co] of an image [n, h, w, ci] and a filter [kh, kw, ci / groups, co]. */
export function groupedForward(bench: Bench, image: Strided, filter: Strided, { n, ci, co, groups, rows, columns }: Convolution): Result {
  const [cig, cog] = [ci / groups, co / groups];
  const shape = [n, rows.places, columns.places, co];
  const [b, oy, ox, o] = coordinates("this.thread.x", shape) as Four;
  const x = position("ox0", [b, "whole(iy)", "whole(ix)", `quotient(${o}, ${cog}) * ${cig} + c`], image.stride);
  const f = position("of0", ["ky", "kx", "c", o], filter.stride);
  const product = `for (let c = 0; c < ${cig}; c++) { s += x[${x}] * f[${f}]; }`;
  return twoOperands(bench, shape, image, filter, pixelsUnder(rows, oy, "ky", "iy", pixelsUnder(columns, ox, "kx", "ix", product)));
}

/** [n, h, w, ci] of ct [n, oh, ow, co] and a filter [kh, kw, ci / groups, co]. */
export function groupedInputGradient(
  bench: Bench,
  cotangent: Strided,
  filter: Strided,
  { n, ci, co, groups, rows, columns }: Convolution,
): Result {
  const [cig, cog] = [ci / groups, co / groups];
  const shape = [n, rows.extent, columns.extent, ci];
  const [b, iy, ix, channel] = coordinates("this.thread.x", shape) as Four;
  const o = `quotient(${channel}, ${cig}) * ${cog} + j`;
  const x = position("ox0", [b, "whole(oy)", "whole(ox)", o], cotangent.stride);
  const f = position("of0", ["ky", "kx", `remainder(${channel}, ${cig})`, o], filter.stride);
  const product = `for (let j = 0; j < ${cog}; j++) { s += x[${x}] * f[${f}]; }`;
  return twoOperands(bench, shape, cotangent, filter, placesOver(rows, iy, "ky", "oy", placesOver(columns, ix, "kx", "ox", product)));
}

function twoOperands(bench: Bench, shape: readonly number[], x: Strided, f: Strided, loops: string): Result {
  const [first, second] = [bench.place(x), bench.place(f)];
  const source = `function (x, f, ox0, of0) { let s = 0.0; ${loops} return s; }`;
  return bench.result(shape, { source, size: sizeOf(shape), packed: false }, [first.texels, second.texels], {
    integers: [first.offset, second.offset],
  });
}
