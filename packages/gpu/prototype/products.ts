import { type Conv2dGeometry, type Extents4, windowsAlong } from "@lodo/tensor";
import type { Product } from "./product.ts";

/** A [m, k] times B [k, n], dense. */
export const matmulProduct = (m: number, k: number, n: number): Product => ({
  ...{ m, k, n },
  left: `return a[i * ${k}u + p];`,
  right: `return b[p * ${n}u + j];`,
});

/** Indices of an array of rank 3 from one in row-major order, as statements. */
const split = (index: string, [x, y, z]: readonly [string, string, string], [, ny, nz]: readonly [number, number, number]): string =>
  `let ${z} = i32(${index} % ${nz}u); let ${y} = i32(${index} / ${nz}u % ${ny}u); let ${x} = i32(${index} / ${ny * nz}u);`;

/** Products for an image [n, h, w, ci] and a filter [kh, kw, ci, co] of one group. */
export function convolutionProducts(
  image: Extents4,
  filter: Extents4,
  geometry: Conv2dGeometry,
): { readonly forward: Product; readonly inputGradient: Product; readonly filterGradient: Product } {
  const [n, h, w, ci] = image;
  const [kh, kw, , co] = filter;
  const [oh, ow] = windowsAlong(image, filter, geometry);
  const [[sy, sx], [top, , left]] = [geometry.stride, geometry.padding];
  const pixel = (array: string, channel: string): string => `
  let y = oy * ${sy} - ${top} + ky;
  let x = ox * ${sx} - ${left} + kx;
  if (y < 0 || y >= ${h} || x < 0 || x >= ${w}) { return 0.0; }
  return ${array}[((batch * ${h} + y) * ${w} + x) * ${ci} + ${channel}];`;
  const place = split("i", ["batch", "oy", "ox"], [n, oh, ow]);
  const tap = (index: string, channels: number, channel: string): string => split(index, ["ky", "kx", channel], [kh, kw, channels]);
  return {
    forward: {
      ...{ m: n * oh * ow, k: kh * kw * ci, n: co },
      left: `${place} ${tap("p", ci, "channel")} ${pixel("a", "channel")}`,
      right: `return b[p * ${co}u + j];`,
    },
    inputGradient: {
      ...{ m: n * h * w, k: kh * kw * co, n: ci },
      left: `${split("i", ["batch", "y", "x"], [n, h, w])} ${tap("p", co, "o")}
  let fromTop = y + ${top} - ky;
  let fromLeft = x + ${left} - kx;
  if (fromTop < 0 || fromLeft < 0 || fromTop % ${sy} != 0 || fromLeft % ${sx} != 0) { return 0.0; }
  let oy = fromTop / ${sy};
  let ox = fromLeft / ${sx};
  if (oy >= ${oh} || ox >= ${ow}) { return 0.0; }
  return a[((batch * ${oh} + oy) * ${ow} + ox) * ${co} + o];`,
      right: `${tap("p", co, "o")} return b[((ky * ${kw} + kx) * ${ci} + i32(j)) * ${co} + o];`,
    },
    filterGradient: {
      ...{ m: kh * kw * ci, k: n * oh * ow, n: co },
      left: `${tap("i", ci, "channel")} ${split("p", ["batch", "oy", "ox"], [n, oh, ow])} ${pixel("a", "channel")}`,
      right: `return b[p * ${co}u + j];`,
    },
  };
}
