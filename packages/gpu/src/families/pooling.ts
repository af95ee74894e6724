import { type Extents4, type PoolGeometry, type Strided, windowsAlong } from "@lodo/tensor";
import type { Rule } from "../rule.ts";
import { coordinates, position, sizeOf } from "../source/positions.ts";
import { type Axis, pixelsUnder, placesOver } from "../source/windows.ts";

type Four = [string, string, string, string];

function axesOf(image: readonly number[], geometry: PoolGeometry): readonly [rows: Axis, columns: Axis] {
  const { window, stride, padding } = geometry;
  const places = windowsAlong(image, window, geometry);
  const axis = (d: 0 | 1): Axis => ({
    extent: image[d + 1] as number,
    window: window[d],
    places: places[d],
    stride: stride[d],
    before: padding[2 * d] as number,
  });
  return [axis(0), axis(1)];
}

/** How many pixels of the image lie under a place. */
const overlap = ({ stride, before, window, extent }: Axis, place: string): string =>
  `(Math.min(${extent}, (${place}) * ${stride} - ${before} + ${window}) - Math.max(0, (${place}) * ${stride} - ${before}))`;

/** The mean over each window of what lies on the image: [n, h, w, c] → [n, oh, ow, c]. */
export const avgPool2d: Rule<readonly [x: Strided, geometry: PoolGeometry]> = {
  name: "avgPool2d",
  operands: (x) => [x],
  work: (x) => x.size,
  run: (bench, x, geometry) => {
    const [rows, columns] = axesOf(x.shape, geometry);
    const shape = [x.shape[0] as number, rows.places, columns.places, x.shape[3] as number];
    const [b, oy, ox, c] = coordinates("this.thread.x", shape) as Four;
    const load = `s += x[${position("o", [b, "whole(iy)", "whole(ix)", c], x.stride)}]; k += 1.0;`;
    const loops = pixelsUnder(rows, oy, "ky", "iy", pixelsUnder(columns, ox, "kx", "ix", load));
    const { texels, offset } = bench.place(x);
    const source = `function (x, o) { let s = 0.0; let k = 0.0; ${loops} return s / k; }`;
    return bench.result(shape, { source, size: sizeOf(shape), packed: false }, [texels], { integers: [offset] });
  },
};

/** Each element of ct [n, oh, ow, c], divided among its window in [n, h, w, c]. */
export const avgPool2dGradient: Rule<readonly [ct: Strided, geometry: PoolGeometry, inputShape: Extents4]> = {
  name: "avgPool2dGradient",
  operands: (ct) => [ct],
  work: (_, __, inputShape) => sizeOf(inputShape),
  run: (bench, ct, geometry, inputShape) => {
    const [rows, columns] = axesOf(inputShape, geometry);
    const [b, iy, ix, c] = coordinates("this.thread.x", inputShape) as Four;
    const load = position("o", [b, "whole(oy)", "whole(ox)", c], ct.stride);
    const share = `s += x[${load}] / (${overlap(rows, "oy")} * ${overlap(columns, "ox")});`;
    const loops = placesOver(rows, iy, "ky", "oy", placesOver(columns, ix, "kx", "ox", share));
    const { texels, offset } = bench.place(ct);
    const source = `function (x, o) { let s = 0.0; ${loops} return s; }`;
    return bench.result(inputShape, { source, size: sizeOf(inputShape), packed: false }, [texels], { integers: [offset] });
  },
};
