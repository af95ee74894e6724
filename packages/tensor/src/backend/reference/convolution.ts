import type { Strided } from "../../dtype.ts";
import { defineKernel, type Kernel } from "../../kernel.ts";
import { emptyStorage } from "../../storage.ts";
import { type Conv2dGeometry, type Extents4, forEachTap, windowsAlong } from "./geometry.ts";
import { contiguousKernel } from "./layout.ts";

/*
 * One bilinear map in its three readings, with iy = oy sy − top + ky, ix = ox sx − left + kx, and o in the group of c:
 *   out[b, oy, ox, o] = Σ x[b, iy, ix, c] filter[ky, kx, c, o]
 * and its transposes in x and in the filter. Every sum is taken in float64 and rounded once.
 */

/** out [n, oh, ow, co] of x [n, h, w, ci] and a filter [kh, kw, ci / groups, co]. */
export const conv2dKernel: Kernel<readonly [x: Strided, filter: Strided, geometry: Conv2dGeometry], Strided> = defineKernel(
  "conv2d",
  (image, filter, geometry) => {
    const [X, F] = [contiguousKernel(image), contiguousKernel(filter)];
    const [n, h, w, ci] = X.shape as unknown as Extents4;
    const [kh, kw, cig, co] = F.shape as unknown as Extents4;
    const windows = windowsAlong(X.shape, F.shape, geometry);
    const { groups } = geometry;
    const cog = co / groups;
    const out = emptyStorage([n, ...windows, co], X.dtype);
    const [x, f, sums] = [X.data, F.data, new Float64Array(windows[0] * windows[1] * co)];
    for (let b = 0; b < n; b++) {
      sums.fill(0);
      forEachTap({ windows, filter: [kh, kw], image: [h, w] }, geometry, (window, pixel, tap) => {
        const from = X.offset + (b * h * w + pixel) * ci;
        const to = window * co;
        for (let g = 0; g < groups; g++) {
          for (let c = 0; c < cig; c++) {
            const v = x[from + g * cig + c] as number;
            const row = F.offset + (tap * cig + c) * co;
            for (let o = g * cog; o < (g + 1) * cog; o++) sums[to + o] = (sums[to + o] as number) + v * (f[row + o] as number);
          }
        }
      });
      out.data.set(sums, b * sums.length);
    }
    return out;
  },
);

/** The transpose in x: from ct [n, oh, ow, co] to [n, h, w, ci]. */
export const conv2dInputGradientKernel: Kernel<
  readonly [ct: Strided, filter: Strided, geometry: Conv2dGeometry, inputShape: Extents4],
  Strided
> = defineKernel("conv2dInputGradient", (cotangent, filter, geometry, inputShape) => {
  const [CT, F] = [contiguousKernel(cotangent), contiguousKernel(filter)];
  const [n, h, w, ci] = inputShape;
  const [kh, kw, cig, co] = F.shape as unknown as Extents4;
  const [, oh, ow] = CT.shape as unknown as Extents4;
  const { groups } = geometry;
  const cog = co / groups;
  const out = emptyStorage(inputShape, CT.dtype);
  const [ct, f, sums] = [CT.data, F.data, new Float64Array(h * w * ci)];
  for (let b = 0; b < n; b++) {
    sums.fill(0);
    forEachTap({ windows: [oh, ow], filter: [kh, kw], image: [h, w] }, geometry, (window, pixel, tap) => {
      const from = CT.offset + (b * oh * ow + window) * co;
      for (let g = 0; g < groups; g++) {
        for (let c = 0; c < cig; c++) {
          const to = pixel * ci + g * cig + c;
          const row = F.offset + (tap * cig + c) * co;
          let sum = sums[to] as number;
          for (let o = g * cog; o < (g + 1) * cog; o++) sum += (ct[from + o] as number) * (f[row + o] as number);
          sums[to] = sum;
        }
      }
    });
    out.data.set(sums, b * sums.length);
  }
  return out;
});

/** The transpose in the filter: from x [n, h, w, ci] and ct [n, oh, ow, co] to [kh, kw, ci / groups, co]. */
export const conv2dFilterGradientKernel: Kernel<
  readonly [x: Strided, ct: Strided, geometry: Conv2dGeometry, filterShape: Extents4],
  Strided
> = defineKernel("conv2dFilterGradient", (image, cotangent, geometry, filterShape) => {
  const [X, CT] = [contiguousKernel(image), contiguousKernel(cotangent)];
  const [n, h, w, ci] = X.shape as unknown as Extents4;
  const [kh, kw, cig, co] = filterShape;
  const [, oh, ow] = CT.shape as unknown as Extents4;
  const { groups } = geometry;
  const cog = co / groups;
  const out = emptyStorage(filterShape, X.dtype);
  const [x, ct, sums] = [X.data, CT.data, new Float64Array(kh * kw * cig * co)];
  for (let b = 0; b < n; b++) {
    forEachTap({ windows: [oh, ow], filter: [kh, kw], image: [h, w] }, geometry, (window, pixel, tap) => {
      const from = CT.offset + (b * oh * ow + window) * co;
      for (let g = 0; g < groups; g++) {
        for (let c = 0; c < cig; c++) {
          const v = x[X.offset + (b * h * w + pixel) * ci + g * cig + c] as number;
          const row = (tap * cig + c) * co;
          for (let o = g * cog; o < (g + 1) * cog; o++) sums[row + o] = (sums[row + o] as number) + v * (ct[from + o] as number);
        }
      }
    });
  }
  out.data.set(sums);
  return out;
});
