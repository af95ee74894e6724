import { type Conv2dGeometry, type DType, type Extents4, emptyStorage, type Strided, windowsAlong } from "@lodo/tensor";
import { bytesOf, type Machine } from "../machine.ts";
import { borderAlong, phasesAlong, reachAlong } from "./phases.ts";
import { convolver } from "./windows.ts";

/**
 * Convolution of images with filters, and its transpose in the images: any stride, padding and groups. Sums of k products are taken in the dtype
 * itself, within γₖ Σ|a||b|. A border is zeros that meet the filter: where that is not finite, 0 · ∞ makes NaN of windows that reach over the edge,
 * from which the reference leaves the border out.
 */
export function convolutionKernels(machine: Machine): Record<string, (...args: never) => unknown> {
  const convolve = convolver(machine);
  return {
    conv2d(x: Strided, filter: Strided, geometry: Conv2dGeometry): Strided {
      const [n, h, w, ci] = x.shape as unknown as Extents4;
      const [kh, kw, cig, co] = filter.shape as unknown as Extents4;
      const { stride, padding, groups } = geometry;
      const [oh, ow] = windowsAlong(x.shape, filter.shape, geometry);
      const dtype = x.dtype as DType;
      const bytes = bytesOf(dtype);
      const cog = co / groups;
      const out = emptyStorage([n, oh, ow, co], dtype);
      machine.call((frame) => {
        const [images, taps, to] = [frame.dense(x), frame.dense(filter), frame.result(out)];
        for (let g = 0; g < groups; g++) {
          convolve(
            frame,
            dtype,
            n,
            {
              at: images + g * cig * bytes,
              image: h * w * ci * bytes,
              pixel: ci * bytes,
              extents: [h, w],
              channels: cig,
              before: [padding[0], padding[2]],
              padded: [h + padding[0] + padding[1], w + padding[2] + padding[3]],
              inPlace: groups === 1 || kw === 1,
            },
            {
              at: taps + g * cog * bytes,
              extents: [kh, kw, cig, cog],
              stride: [kw * cig * co * bytes, cig * co * bytes, co * bytes, bytes],
            },
            { start: [0, 0], stride, tall: oh, wide: ow },
            { at: to + g * cog * bytes, image: oh * ow * co * bytes, row: ow * co * bytes, step: co * bytes },
          );
        }
      });
      return out;
    },

    conv2dInputGradient(ct: Strided, filter: Strided, { stride, padding, groups }: Conv2dGeometry, inputShape: Extents4): Strided {
      const [n, h, w, ci] = inputShape;
      const [kh, kw, cig, co] = filter.shape as unknown as Extents4;
      const [, oh, ow] = ct.shape as unknown as Extents4;
      const [sy, sx] = stride;
      const dtype = ct.dtype as DType;
      const bytes = bytesOf(dtype);
      const cog = co / groups;
      const [rowStride, colStride] = [kw * cig * co * bytes, cig * co * bytes];
      const out = emptyStorage(inputShape, dtype);
      machine.call((frame) => {
        const [cotangents, taps, to] = [frame.dense(ct), frame.dense(filter), frame.result(out)];
        for (let g = 0; g < groups; g++) {
          const batch = {
            at: cotangents + g * cog * bytes,
            image: oh * ow * co * bytes,
            pixel: co * bytes,
            extents: [oh, ow],
            channels: cog,
            before: [borderAlong(kh, sy), borderAlong(kw, sx)],
            padded: [reachAlong(h, kh, sy, padding[0]), reachAlong(w, kw, sx, padding[2])],
            // Without a border no phase has more than one tap along a row.
            inPlace: true,
          } as const;
          for (const y of phasesAlong(h, kh, sy, padding[0])) {
            for (const x of phasesAlong(w, kw, sx, padding[2])) {
              convolve(
                frame,
                dtype,
                n,
                batch,
                {
                  at: taps + y.last * rowStride + x.last * colStride + g * cog * bytes,
                  extents: [y.taps, x.taps, cog, cig],
                  stride: [-sy * rowStride, -sx * colStride, bytes, co * bytes],
                },
                { start: [y.start, x.start], stride: [1, 1], tall: y.count, wide: x.count },
                {
                  at: to + ((y.first * w + x.first) * ci + g * cig) * bytes,
                  image: h * w * ci * bytes,
                  row: sy * w * ci * bytes,
                  step: sx * ci * bytes,
                },
              );
            }
          }
        }
      });
      return out;
    },
  };
}
