import type { Strided } from "../../dtype.ts";
import { defineKernel, type Kernel } from "../../kernel.ts";
import { emptyStorage } from "../../storage.ts";
import { type Conv2dGeometry, type Extents4, forEachTap, windowsAlong } from "./geometry.ts";
import { contiguousKernel } from "./layout.ts";

/*
 * Each channel under m filters of its own, with iy = oy sy − top + ky and ix = ox sx − left + kx:
 *   out[b, oy, ox, c m + q] = Σ x[b, iy, ix, c] filter[ky, kx, c, q]
 * and its transposes in x and in the filter. Every sum is taken in float64 and rounded once.
 */

/** out [n, oh, ow, c m] of x [n, h, w, c] and a filter [kh, kw, c, m]. */
export const depthwiseConv2dKernel: Kernel<readonly [x: Strided, filter: Strided, geometry: Conv2dGeometry], Strided> = defineKernel(
  "depthwiseConv2d",
  (image, filter, geometry) => {
    const [X, F] = [contiguousKernel(image), contiguousKernel(filter)];
    const [n, h, w, channels] = X.shape as unknown as Extents4;
    const [kh, kw, , m] = F.shape as unknown as Extents4;
    const windows = windowsAlong(X.shape, F.shape, geometry);
    const all = channels * m;
    const out = emptyStorage([n, ...windows, all], X.dtype);
    const [x, f, sums] = [X.data, F.data, new Float64Array(windows[0] * windows[1] * all)];
    for (let b = 0; b < n; b++) {
      sums.fill(0);
      forEachTap({ windows, filter: [kh, kw], image: [h, w] }, geometry, (window, pixel, tap) => {
        const from = X.offset + (b * h * w + pixel) * channels;
        const [to, weights] = [window * all, F.offset + tap * all];
        for (let c = 0, o = 0; c < channels; c++) {
          const v = x[from + c] as number;
          for (let q = 0; q < m; q++, o++) sums[to + o] = (sums[to + o] as number) + v * (f[weights + o] as number);
        }
      });
      out.data.set(sums, b * sums.length);
    }
    return out;
  },
);

/** The transpose in x: from ct [n, oh, ow, c m] to [n, h, w, c]. */
export const depthwiseConv2dInputGradientKernel: Kernel<
  readonly [ct: Strided, filter: Strided, geometry: Conv2dGeometry, inputShape: Extents4],
  Strided
> = defineKernel("depthwiseConv2dInputGradient", (cotangent, filter, geometry, inputShape) => {
  const [CT, F] = [contiguousKernel(cotangent), contiguousKernel(filter)];
  const [n, h, w, channels] = inputShape;
  const [kh, kw, , m] = F.shape as unknown as Extents4;
  const [, oh, ow] = CT.shape as unknown as Extents4;
  const all = channels * m;
  const out = emptyStorage(inputShape, CT.dtype);
  const [ct, f, sums] = [CT.data, F.data, new Float64Array(h * w * channels)];
  for (let b = 0; b < n; b++) {
    sums.fill(0);
    forEachTap({ windows: [oh, ow], filter: [kh, kw], image: [h, w] }, geometry, (window, pixel, tap) => {
      const from = CT.offset + (b * oh * ow + window) * all;
      const [to, weights] = [pixel * channels, F.offset + tap * all];
      for (let c = 0, o = 0; c < channels; c++) {
        let sum = sums[to + c] as number;
        for (let q = 0; q < m; q++, o++) sum += (ct[from + o] as number) * (f[weights + o] as number);
        sums[to + c] = sum;
      }
    });
    out.data.set(sums, b * sums.length);
  }
  return out;
});

/** The transpose in the filter: from x [n, h, w, c] and ct [n, oh, ow, c m] to [kh, kw, c, m]. */
export const depthwiseConv2dFilterGradientKernel: Kernel<
  readonly [x: Strided, ct: Strided, geometry: Conv2dGeometry, filterShape: Extents4],
  Strided
> = defineKernel("depthwiseConv2dFilterGradient", (image, cotangent, geometry, filterShape) => {
  const [X, CT] = [contiguousKernel(image), contiguousKernel(cotangent)];
  const [n, h, w, channels] = X.shape as unknown as Extents4;
  const [kh, kw, , m] = filterShape;
  const [, oh, ow] = CT.shape as unknown as Extents4;
  const all = channels * m;
  const out = emptyStorage(filterShape, X.dtype);
  const [x, ct, sums] = [X.data, CT.data, new Float64Array(kh * kw * all)];
  for (let b = 0; b < n; b++) {
    forEachTap({ windows: [oh, ow], filter: [kh, kw], image: [h, w] }, geometry, (window, pixel, tap) => {
      const from = CT.offset + (b * oh * ow + window) * all;
      const [at, to] = [X.offset + (b * h * w + pixel) * channels, tap * all];
      for (let c = 0, o = 0; c < channels; c++) {
        const v = x[at + c] as number;
        for (let q = 0; q < m; q++, o++) sums[to + o] = (sums[to + o] as number) + v * (ct[from + o] as number);
      }
    });
  }
  out.data.set(sums);
  return out;
});
