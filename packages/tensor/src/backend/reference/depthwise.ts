import type { Strided } from "../../dtype.ts";
import { defineKernel, type Kernel } from "../../kernel.ts";
import { emptyStorage } from "../../storage.ts";
import { type Conv2dGeometry, type Extents4, windowsAlong } from "./geometry.ts";
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
    const [oh, ow] = windowsAlong(X.shape, F.shape, geometry);
    const { stride, padding } = geometry;
    const out = emptyStorage([n, oh, ow, channels * m], X.dtype);
    const [x, f, sums] = [X.data, F.data, new Float64Array(channels * m)];
    for (let b = 0; b < n; b++) {
      for (let oy = 0; oy < oh; oy++) {
        const y = oy * stride[0] - padding[0];
        const bottom = Math.min(kh, h - y);
        for (let ox = 0; ox < ow; ox++) {
          const left = ox * stride[1] - padding[2];
          const right = Math.min(kw, w - left);
          sums.fill(0);
          for (let ky = Math.max(0, -y); ky < bottom; ky++) {
            for (let kx = Math.max(0, -left); kx < right; kx++) {
              const pixel = X.offset + ((b * h + y + ky) * w + left + kx) * channels;
              const tap = F.offset + (ky * kw + kx) * channels * m;
              for (let c = 0, o = 0; c < channels; c++) {
                const v = x[pixel + c] as number;
                for (let q = 0; q < m; q++, o++) sums[o] = (sums[o] as number) + v * (f[tap + o] as number);
              }
            }
          }
          out.data.set(sums, ((b * oh + oy) * ow + ox) * channels * m);
        }
      }
    }
    return out;
  },
);

/** The transpose in x: from ct [n, oh, ow, c m] to [n, h, w, c]. */
export const depthwiseConv2dInputGradientKernel: Kernel<
  readonly [ct: Strided, filter: Strided, geometry: Conv2dGeometry, inputShape: Extents4],
  Strided
> = defineKernel("depthwiseConv2dInputGradient", (cotangent, filter, { stride, padding }, inputShape) => {
  const [CT, F] = [contiguousKernel(cotangent), contiguousKernel(filter)];
  const [n, h, w, channels] = inputShape;
  const [kh, kw, , m] = F.shape as unknown as Extents4;
  const [, oh, ow] = CT.shape as unknown as Extents4;
  const out = emptyStorage(inputShape, CT.dtype);
  const [ct, f, sums] = [CT.data, F.data, new Float64Array(h * w * channels)];
  for (let b = 0; b < n; b++) {
    sums.fill(0);
    for (let oy = 0; oy < oh; oy++) {
      const y = oy * stride[0] - padding[0];
      const bottom = Math.min(kh, h - y);
      for (let ox = 0; ox < ow; ox++) {
        const left = ox * stride[1] - padding[2];
        const right = Math.min(kw, w - left);
        const from = CT.offset + ((b * oh + oy) * ow + ox) * channels * m;
        for (let ky = Math.max(0, -y); ky < bottom; ky++) {
          for (let kx = Math.max(0, -left); kx < right; kx++) {
            const pixel = ((y + ky) * w + left + kx) * channels;
            const tap = F.offset + (ky * kw + kx) * channels * m;
            for (let c = 0, o = 0; c < channels; c++) {
              let sum = sums[pixel + c] as number;
              for (let q = 0; q < m; q++, o++) sum += (ct[from + o] as number) * (f[tap + o] as number);
              sums[pixel + c] = sum;
            }
          }
        }
      }
    }
    out.data.set(sums, b * sums.length);
  }
  return out;
});

/** The transpose in the filter: from x [n, h, w, c] and ct [n, oh, ow, c m] to [kh, kw, c, m]. */
export const depthwiseConv2dFilterGradientKernel: Kernel<
  readonly [x: Strided, ct: Strided, geometry: Conv2dGeometry, filterShape: Extents4],
  Strided
> = defineKernel("depthwiseConv2dFilterGradient", (image, cotangent, { stride, padding }, filterShape) => {
  const [X, CT] = [contiguousKernel(image), contiguousKernel(cotangent)];
  const [n, h, w, channels] = X.shape as unknown as Extents4;
  const [kh, kw, , m] = filterShape;
  const [, oh, ow] = CT.shape as unknown as Extents4;
  const out = emptyStorage(filterShape, X.dtype);
  const [x, ct, sums] = [X.data, CT.data, new Float64Array(kh * kw * channels * m)];
  for (let b = 0; b < n; b++) {
    for (let oy = 0; oy < oh; oy++) {
      const y = oy * stride[0] - padding[0];
      const bottom = Math.min(kh, h - y);
      for (let ox = 0; ox < ow; ox++) {
        const left = ox * stride[1] - padding[2];
        const right = Math.min(kw, w - left);
        const from = CT.offset + ((b * oh + oy) * ow + ox) * channels * m;
        for (let ky = Math.max(0, -y); ky < bottom; ky++) {
          for (let kx = Math.max(0, -left); kx < right; kx++) {
            const pixel = X.offset + ((b * h + y + ky) * w + left + kx) * channels;
            const tap = (ky * kw + kx) * channels * m;
            for (let c = 0, o = 0; c < channels; c++) {
              const v = x[pixel + c] as number;
              for (let q = 0; q < m; q++, o++) sums[tap + o] = (sums[tap + o] as number) + v * (ct[from + o] as number);
            }
          }
        }
      }
    }
  }
  out.data.set(sums);
  return out;
});
