import type { Strided } from "../../dtype.ts";
import { defineKernel, type Kernel } from "../../kernel.ts";
import { emptyStorage } from "../../storage.ts";
import { type Conv2dGeometry, type Extents4, windowsAlong } from "./geometry.ts";
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
    const [oh, ow] = windowsAlong(X.shape, F.shape, geometry);
    const { stride, padding, groups } = geometry;
    const cog = co / groups;
    const out = emptyStorage([n, oh, ow, co], X.dtype);
    const [x, f, sums] = [X.data, F.data, new Float64Array(co)];
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
              const pixel = X.offset + ((b * h + y + ky) * w + left + kx) * ci;
              const tap = F.offset + (ky * kw + kx) * cig * co;
              for (let g = 0; g < groups; g++) {
                for (let c = 0; c < cig; c++) {
                  const v = x[pixel + g * cig + c] as number;
                  const row = tap + c * co;
                  for (let o = g * cog; o < (g + 1) * cog; o++) sums[o] = (sums[o] as number) + v * (f[row + o] as number);
                }
              }
            }
          }
          out.data.set(sums, ((b * oh + oy) * ow + ox) * co);
        }
      }
    }
    return out;
  },
);

/** The transpose in x: from ct [n, oh, ow, co] to [n, h, w, ci]. */
export const conv2dInputGradientKernel: Kernel<
  readonly [ct: Strided, filter: Strided, geometry: Conv2dGeometry, inputShape: Extents4],
  Strided
> = defineKernel("conv2dInputGradient", (cotangent, filter, { stride, padding, groups }, inputShape) => {
  const [CT, F] = [contiguousKernel(cotangent), contiguousKernel(filter)];
  const [n, h, w, ci] = inputShape;
  const [kh, kw, cig, co] = F.shape as unknown as Extents4;
  const [, oh, ow] = CT.shape as unknown as Extents4;
  const cog = co / groups;
  const out = emptyStorage(inputShape, CT.dtype);
  const [ct, f, sums] = [CT.data, F.data, new Float64Array(h * w * ci)];
  for (let b = 0; b < n; b++) {
    sums.fill(0);
    for (let oy = 0; oy < oh; oy++) {
      const y = oy * stride[0] - padding[0];
      const bottom = Math.min(kh, h - y);
      for (let ox = 0; ox < ow; ox++) {
        const left = ox * stride[1] - padding[2];
        const right = Math.min(kw, w - left);
        const from = CT.offset + ((b * oh + oy) * ow + ox) * co;
        for (let ky = Math.max(0, -y); ky < bottom; ky++) {
          for (let kx = Math.max(0, -left); kx < right; kx++) {
            const pixel = ((y + ky) * w + left + kx) * ci;
            const tap = F.offset + (ky * kw + kx) * cig * co;
            for (let g = 0; g < groups; g++) {
              for (let c = 0; c < cig; c++) {
                const row = tap + c * co;
                let sum = sums[pixel + g * cig + c] as number;
                for (let o = g * cog; o < (g + 1) * cog; o++) sum += (ct[from + o] as number) * (f[row + o] as number);
                sums[pixel + g * cig + c] = sum;
              }
            }
          }
        }
      }
    }
    out.data.set(sums, b * sums.length);
  }
  return out;
});

/** The transpose in the filter: from x [n, h, w, ci] and ct [n, oh, ow, co] to [kh, kw, ci / groups, co]. */
export const conv2dFilterGradientKernel: Kernel<
  readonly [x: Strided, ct: Strided, geometry: Conv2dGeometry, filterShape: Extents4],
  Strided
> = defineKernel("conv2dFilterGradient", (image, cotangent, { stride, padding, groups }, filterShape) => {
  const [X, CT] = [contiguousKernel(image), contiguousKernel(cotangent)];
  const [n, h, w, ci] = X.shape as unknown as Extents4;
  const [kh, kw, cig, co] = filterShape;
  const [, oh, ow] = CT.shape as unknown as Extents4;
  const cog = co / groups;
  const out = emptyStorage(filterShape, X.dtype);
  const [x, ct, sums] = [X.data, CT.data, new Float64Array(kh * kw * cig * co)];
  for (let b = 0; b < n; b++) {
    for (let oy = 0; oy < oh; oy++) {
      const y = oy * stride[0] - padding[0];
      const bottom = Math.min(kh, h - y);
      for (let ox = 0; ox < ow; ox++) {
        const left = ox * stride[1] - padding[2];
        const right = Math.min(kw, w - left);
        const from = CT.offset + ((b * oh + oy) * ow + ox) * co;
        for (let ky = Math.max(0, -y); ky < bottom; ky++) {
          for (let kx = Math.max(0, -left); kx < right; kx++) {
            const pixel = X.offset + ((b * h + y + ky) * w + left + kx) * ci;
            const tap = (ky * kw + kx) * cig * co;
            for (let g = 0; g < groups; g++) {
              for (let c = 0; c < cig; c++) {
                const v = x[pixel + g * cig + c] as number;
                const row = tap + c * co;
                for (let o = g * cog; o < (g + 1) * cog; o++) sums[row + o] = (sums[row + o] as number) + v * (ct[from + o] as number);
              }
            }
          }
        }
      }
    }
  }
  out.data.set(sums);
  return out;
});
