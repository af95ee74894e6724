import type { Strided } from "../../dtype.ts";
import { defineKernel, type Kernel } from "../../kernel.ts";
import { emptyStorage } from "../../storage.ts";
import { type Extents4, type PoolGeometry, windowsAlong } from "./geometry.ts";
import { contiguousKernel } from "./layout.ts";

/** The mean over each window of what lies on the image: [n, h, w, c] → [n, oh, ow, c]. Sums are taken in float64. */
export const avgPool2dKernel: Kernel<readonly [x: Strided, geometry: PoolGeometry], Strided> = defineKernel(
  "avgPool2d",
  (image, geometry) => {
    const X = contiguousKernel(image);
    const [n, h, w, channels] = X.shape as unknown as Extents4;
    const { window, stride, padding } = geometry;
    const [oh, ow] = windowsAlong(X.shape, window, geometry);
    const out = emptyStorage([n, oh, ow, channels], X.dtype);
    const [x, sums] = [X.data, new Float64Array(channels)];
    for (let b = 0; b < n; b++) {
      for (let oy = 0; oy < oh; oy++) {
        const y = oy * stride[0] - padding[0];
        const [top, bottom] = [Math.max(0, y), Math.min(h, y + window[0])];
        for (let ox = 0; ox < ow; ox++) {
          const at = ox * stride[1] - padding[2];
          const [left, right] = [Math.max(0, at), Math.min(w, at + window[1])];
          const count = (bottom - top) * (right - left);
          sums.fill(0);
          for (let iy = top; iy < bottom; iy++) {
            for (let ix = left; ix < right; ix++) {
              const pixel = X.offset + ((b * h + iy) * w + ix) * channels;
              for (let c = 0; c < channels; c++) sums[c] = (sums[c] as number) + (x[pixel + c] as number);
            }
          }
          const to = ((b * oh + oy) * ow + ox) * channels;
          for (let c = 0; c < channels; c++) out.data[to + c] = (sums[c] as number) / count;
        }
      }
    }
    return out;
  },
);

/** The transpose of the mean: each element of ct [n, oh, ow, c], divided among its window in [n, h, w, c]. */
export const avgPool2dGradientKernel: Kernel<readonly [ct: Strided, geometry: PoolGeometry, inputShape: Extents4], Strided> = defineKernel(
  "avgPool2dGradient",
  (cotangent, { window, stride, padding }, inputShape) => {
    const CT = contiguousKernel(cotangent);
    const [n, h, w, channels] = inputShape;
    const [, oh, ow] = CT.shape as unknown as Extents4;
    const out = emptyStorage(inputShape, CT.dtype);
    const [ct, sums] = [CT.data, new Float64Array(h * w * channels)];
    for (let b = 0; b < n; b++) {
      sums.fill(0);
      for (let oy = 0; oy < oh; oy++) {
        const y = oy * stride[0] - padding[0];
        const [top, bottom] = [Math.max(0, y), Math.min(h, y + window[0])];
        for (let ox = 0; ox < ow; ox++) {
          const at = ox * stride[1] - padding[2];
          const [left, right] = [Math.max(0, at), Math.min(w, at + window[1])];
          const count = (bottom - top) * (right - left);
          const from = CT.offset + ((b * oh + oy) * ow + ox) * channels;
          for (let iy = top; iy < bottom; iy++) {
            for (let ix = left; ix < right; ix++) {
              const pixel = (iy * w + ix) * channels;
              for (let c = 0; c < channels; c++) sums[pixel + c] = (sums[pixel + c] as number) + (ct[from + c] as number) / count;
            }
          }
        }
      }
      out.data.set(sums, b * sums.length);
    }
    return out;
  },
);

/** What a maximum over windows leaves: the values, and where each stood. */
export interface MaxPooled {
  readonly out: Strided;
  /** For every element of `out` in row-major order, the row-major index in x of the element that it is. */
  readonly positions: Int32Array;
}

/** The largest element of each window, [n, h, w, c] → [n, oh, ow, c]: the first in raster order at a tie, the first NaN where there is one. */
export const maxPool2dKernel: Kernel<readonly [x: Strided, geometry: PoolGeometry], MaxPooled> = defineKernel(
  "maxPool2d",
  (image, geometry) => {
    const X = contiguousKernel(image);
    const [n, h, w, channels] = X.shape as unknown as Extents4;
    const { window, stride, padding } = geometry;
    const [oh, ow] = windowsAlong(X.shape, window, geometry);
    const out = emptyStorage([n, oh, ow, channels], X.dtype);
    const positions = new Int32Array(out.size);
    const { data: x, offset } = X;
    for (let b = 0; b < n; b++) {
      for (let oy = 0; oy < oh; oy++) {
        const y = oy * stride[0] - padding[0];
        const [top, bottom] = [Math.max(0, y), Math.min(h, y + window[0])];
        for (let ox = 0; ox < ow; ox++) {
          const at = ox * stride[1] - padding[2];
          const [left, right] = [Math.max(0, at), Math.min(w, at + window[1])];
          const to = ((b * oh + oy) * ow + ox) * channels;
          for (let c = 0; c < channels; c++) {
            let position = ((b * h + top) * w + left) * channels + c;
            let best = x[offset + position] as number;
            for (let iy = top; iy < bottom; iy++) {
              for (let ix = left; ix < right; ix++) {
                const i = ((b * h + iy) * w + ix) * channels + c;
                const v = x[offset + i] as number;
                if (v <= best || Number.isNaN(best)) continue;
                best = v;
                position = i;
              }
            }
            out.data[to + c] = best;
            positions[to + c] = position;
          }
        }
      }
    }
    return { out, positions };
  },
);
