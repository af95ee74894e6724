import { type Strided, view } from "@lodo/tensor";
import type { Bench, Result } from "../rule.ts";
import { fourByFour, fourSums, fours, fourZeros, pack, unpacking } from "../source/packing.ts";
import { coordinates, sizeOf } from "../source/positions.ts";
import { pixelsUnder, placesOver } from "../source/windows.ts";
import type { Convolution } from "./convolutionShape.ts";

/*
 * Convolutions of one group as products of small matrices: channels lie in fours, and each thread computes four neighbouring channels of one pixel.
 */

/** [n, oh, ow, co] of an image [n, h, w, ci] and a filter [kh, kw, ci, co]. */
export function denseForward(bench: Bench, image: Strided, filter: Strided, { n, ci, co, rows, columns }: Convolution): Result {
  const [depth, width] = [fours(ci), fours(co)];
  const [x, f] = [pack(bench, image), pack(bench, filter, 4 * depth)];
  const [b, oy, ox, o] = coordinates("this.thread.x", [n, rows.places, columns.places, width]) as [string, string, string, string];
  const pixel = `((${b}) * ${rows.extent} + whole(iy)) * ${columns.extent} + whole(ix)`;
  const product = `for (let c = 0; c < ${depth}; c++) {
      const v = x[(${pixel}) * ${depth} + c];
      ${fourByFour("v", "f", `((ky * ${columns.window} + kx) * ${4 * depth} + c * 4) * ${width} + ${o}`, width)}
    }`;
  const source = `function (x, f) {
  ${fourZeros}
  ${pixelsUnder(rows, oy, "ky", "iy", pixelsUnder(columns, ox, "kx", "ix", product))}
  ${fourSums}
}`;
  const shape = [n, rows.places, columns.places, co];
  const packed = bench.pass({ source, size: n * rows.places * columns.places * width, packed: true }, [x, f]);
  return bench.result(shape, unpacking(sizeOf(shape) / co, co), [packed]);
}

/** [n, h, w, ci] of ct [n, oh, ow, co] and a filter [kh, kw, ci, co]. */
export function denseInputGradient(bench: Bench, cotangent: Strided, filter: Strided, { n, ci, co, rows, columns }: Convolution): Result {
  const [depth, width] = [fours(co), fours(ci)];
  const [kh, kw] = [rows.window, columns.window];
  const [s0, s1, s2, s3] = filter.stride as [number, number, number, number];
  const transposed = view(filter, [kh, kw, co, ci], [s0, s1, s3, s2], filter.offset);
  const [x, f] = [pack(bench, cotangent), pack(bench, transposed, 4 * depth)];
  const [b, iy, ix, c] = coordinates("this.thread.x", [n, rows.extent, columns.extent, width]) as [string, string, string, string];
  const place = `((${b}) * ${rows.places} + whole(oy)) * ${columns.places} + whole(ox)`;
  const product = `for (let o = 0; o < ${depth}; o++) {
      const v = x[(${place}) * ${depth} + o];
      ${fourByFour("v", "f", `((ky * ${kw} + kx) * ${4 * depth} + o * 4) * ${width} + ${c}`, width)}
    }`;
  const source = `function (x, f) {
  ${fourZeros}
  ${placesOver(rows, iy, "ky", "oy", placesOver(columns, ix, "kx", "ox", product))}
  ${fourSums}
}`;
  const shape = [n, rows.extent, columns.extent, ci];
  const packed = bench.pass({ source, size: n * rows.extent * columns.extent * width, packed: true }, [x, f]);
  return bench.result(shape, unpacking(sizeOf(shape) / ci, ci), [packed]);
}
