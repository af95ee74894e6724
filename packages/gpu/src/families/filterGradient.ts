import type { Strided } from "@lodo/tensor";
import type { Bench, Result } from "../engine.ts";
import { coordinates, position, sizeOf } from "../source/positions.ts";
import type { Convolution } from "./convolutionShape.ts";
import { sumOfRows } from "./sum.ts";

/** At most so many threads share the images of a batch. */
const THREADS = 2 ** 18;

/**
 * [kh, kw, ci / groups, co] of an image [n, h, w, ci] and ct [n, oh, ow, co]. There are few results and many terms, so the images of a batch are
 * shared out among threads, and their sums added.
 */
export function filterGradient(
  bench: Bench,
  image: Strided,
  cotangent: Strided,
  { n, ci, co, groups, rows, columns }: Convolution,
): Result {
  const [cig, cog] = [ci / groups, co / groups];
  const shape = [rows.window, columns.window, cig, co];
  const size = sizeOf(shape);
  const parts = Math.max(1, Math.min(n, Math.floor(THREADS / size)));
  const each = Math.ceil(n / parts);
  const [part, ky, kx, c, o] = coordinates("this.thread.x", [parts, ...shape]) as [string, string, string, string, string];
  const x = position("ox0", ["whole(b)", "whole(iy)", "whole(ix)", `quotient(${o}, ${cog}) * ${cig} + ${c}`], image.stride);
  const ct = position("oct", ["whole(b)", "oy", "ox", o], cotangent.stride);
  const source = `function (x, ct, ox0, oct) {
  let s = 0.0;
  for (let t = 0; t < ${each}; t++) {
    const b = t * ${parts} + ${part};
    if (b < ${n}) {
      for (let oy = 0; oy < ${rows.places}; oy++) {
        const iy = oy * ${rows.stride} - ${rows.before} + ${ky};
        if (iy >= 0 && iy < ${rows.extent}) {
          for (let ox = 0; ox < ${columns.places}; ox++) {
            const ix = ox * ${columns.stride} - ${columns.before} + ${kx};
            if (ix >= 0 && ix < ${columns.extent}) { s += x[${x}] * ct[${ct}]; }
          }
        }
      }
    }
  }
  return s;
}`;
  const [first, second] = [bench.place(image), bench.place(cotangent)];
  const partial = bench.pass({ source, size: parts * size, packed: false }, [first.texels, second.texels], {
    integers: [first.offset, second.offset],
  });
  return sumOfRows(bench, partial, parts, shape);
}
