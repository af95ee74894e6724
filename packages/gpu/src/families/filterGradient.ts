import type { Strided } from "@lodo/tensor";
import type { Bench, Result } from "../rule.ts";
import { fourSums, fours, fourZeros, pack, unpacking } from "../source/packing.ts";
import { coordinates, position, sizeOf } from "../source/positions.ts";
import type { Convolution } from "./convolutionShape.ts";
import { sumOfRows } from "./sum.ts";

/*
 * [kh, kw, ci / groups, co] of an image [n, h, w, ci] and ct [n, oh, ow, co]. There are few results and many terms, so the images of a batch are shared
 * out among threads, and their sums added.
 */

/** At most so many threads share the images of a batch. */
const THREADS = 2 ** 18;

/** Among how many the batch is shared, each computing all of so many results. */
const partsOf = (n: number, results: number): number => Math.max(1, Math.min(n, Math.floor(THREADS / results)));

/** Loops over the images b of one part, and over the places (oy, ox) whose pixel (iy, ix) under one tap lies on the image. */
function overPlaces({ n, rows, columns }: Convolution, parts: number, [part, ky, kx]: readonly string[], body: string): string {
  return `for (let t = 0; t < ${Math.ceil(n / parts)}; t++) {
    const b = t * ${parts} + ${part};
    if (b < ${n}) {
      for (let oy = 0; oy < ${rows.places}; oy++) {
        const iy = oy * ${rows.stride} - ${rows.before} + ${ky};
        if (iy >= 0 && iy < ${rows.extent}) {
          for (let ox = 0; ox < ${columns.places}; ox++) {
            const ix = ox * ${columns.stride} - ${columns.before} + ${kx};
            if (ix >= 0 && ix < ${columns.extent}) { ${body} }
          }
        }
      }
    }
  }`;
}

/** For one group: four neighbouring output channels a thread. */
export function denseFilterGradient(bench: Bench, image: Strided, cotangent: Strided, convolution: Convolution): Result {
  const { n, ci, co, rows, columns } = convolution;
  const width = fours(co);
  const shape = [rows.window, columns.window, ci, co];
  const taps = rows.window * columns.window;
  const parts = partsOf(n, taps * ci * width);
  const at = coordinates("this.thread.x", [parts, rows.window, columns.window, ci, width]);
  const [c, o] = at.slice(3) as [string, string];
  const x = position("ox0", ["whole(b)", "whole(iy)", "whole(ix)", c], image.stride);
  const place = `((whole(b) * ${rows.places} + oy) * ${columns.places} + ox) * ${width} + ${o}`;
  const sums = [0, 1, 2, 3].map((j) => `r${j} += v * w[${j}];`).join(" ");
  const loops = overPlaces(convolution, parts, at, `const v = x[${x}]; const w = ct[${place}]; ${sums}`);
  const packed = pack(bench, cotangent);
  const { texels, offset } = bench.place(image);
  const source = `function (x, ct, ox0) { ${fourZeros} ${loops} ${fourSums} }`;
  const partial = bench.pass({ source, size: parts * taps * ci * width, packed: true }, [texels, packed], { integers: [offset] });
  const unpack = unpacking(parts * taps * ci, co);
  if (parts === 1) return bench.result(shape, unpack, [partial]);
  return sumOfRows(bench, bench.pass(unpack, [partial]), parts, shape);
}

/** For any groups: one number a thread. */
export function groupedFilterGradient(bench: Bench, image: Strided, cotangent: Strided, convolution: Convolution): Result {
  const { n, ci, co, groups, rows, columns } = convolution;
  const [cig, cog] = [ci / groups, co / groups];
  const shape = [rows.window, columns.window, cig, co];
  const size = sizeOf(shape);
  const parts = partsOf(n, size);
  const at = coordinates("this.thread.x", [parts, ...shape]);
  const [c, o] = at.slice(3) as [string, string];
  const x = position("ox0", ["whole(b)", "whole(iy)", "whole(ix)", `quotient(${o}, ${cog}) * ${cig} + ${c}`], image.stride);
  const ct = position("oct", ["whole(b)", "oy", "ox", o], cotangent.stride);
  const loops = overPlaces(convolution, parts, at, `s += x[${x}] * ct[${ct}];`);
  const source = `function (x, ct, ox0, oct) { let s = 0.0; ${loops} return s; }`;
  const [first, second] = [bench.place(image), bench.place(cotangent)];
  const partial = bench.pass({ source, size: parts * size, packed: false }, [first.texels, second.texels], {
    integers: [first.offset, second.offset],
  });
  return sumOfRows(bench, partial, parts, shape);
}
