import { type Conv2dGeometry, type DType, type Extents4, emptyStorage, type Strided, windowsAlong } from "@lodo/tensor";
import { pick } from "../exports.ts";
import { bytesOf, type Frame, type Machine } from "../machine.ts";
import { recordBytes, writeRecord } from "../records.ts";
import { NUMBER_BYTES_PER_NANOSECOND } from "./matmul.ts";
import { borderAlong, phasesAlong, reachAlong } from "./phases.ts";
import { type PlaneBatch, placePlanes, VECTOR_BYTES, vectorsOf } from "./planes.ts";
import type { Target, WindowGrid } from "./windows.ts";

const FIELDS = [
  "start",
  "down",
  "step",
  "rows",
  "cols",
  "line",
  "planes",
  "plane",
  "spread",
  "channels",
  "weights",
  "out",
  "outImage",
  "outRow",
  "outStep",
  "tall",
  "wide",
] as const;

/** A filter [rows, cols, channels, planes] as it is to be packed: the address of its first number and strides in bytes, which may be negative. */
interface Taps {
  readonly at: number;
  readonly extents: readonly [rows: number, cols: number];
  readonly stride: readonly [row: number, col: number];
}

/** Depthwise convolution, and its transpose in the images: any stride, padding and multiplier. */
export function depthwiseKernels(machine: Machine): Record<string, (...args: never) => unknown> {
  const pack = pick(machine.exports, "packDepthwise");
  const convolve = pick(machine.exports, "depthwise");

  /** A filter for each channel as often as it is repeated, or for each of its planes, which are then summed. */
  const run = (frame: Frame, dtype: DType, n: number, batch: PlaneBatch, taps: Taps, grid: WindowGrid, to: Target): void => {
    const bytes = bytesOf(dtype);
    const [rows, cols] = taps.extents;
    const { repeated = 1, separated: planes = 1 } = batch;
    const channels = batch.channels * repeated;
    const weights = frame.scratch(vectorsOf(channels, bytes) * planes * rows * cols * VECTOR_BYTES);
    pack[dtype](taps.at, rows, taps.stride[0], cols, taps.stride[1], channels, planes, weights);
    const images = placePlanes(machine, frame, bytes, batch);
    const record = frame.scratch(recordBytes(FIELDS));
    writeRecord(machine.heap, record, FIELDS, {
      start: grid.start[0] * images.row + grid.start[1] * VECTOR_BYTES,
      down: grid.stride[0] * images.row,
      step: grid.stride[1] * VECTOR_BYTES,
      rows,
      cols,
      line: images.row,
      planes,
      plane: images.plane,
      spread: images.spread,
      channels,
      weights,
      out: to.at,
      outImage: to.image,
      outRow: to.row,
      outStep: to.step,
      tall: grid.tall,
      wide: grid.wide,
    });
    const sums = n * grid.tall * grid.wide * rows * cols * planes * channels;
    frame.share(convolve[dtype], [images.record, record, 0, n], 2, n, { nanoseconds: (sums * bytes) / NUMBER_BYTES_PER_NANOSECOND });
  };

  return {
    depthwiseConv2d(x: Strided, filter: Strided, geometry: Conv2dGeometry): Strided {
      const [n, h, w, c] = x.shape as unknown as Extents4;
      const [kh, kw, , m] = filter.shape as unknown as Extents4;
      const { stride, padding } = geometry;
      const [oh, ow] = windowsAlong(x.shape, filter.shape, geometry);
      const dtype = x.dtype as DType;
      const bytes = bytesOf(dtype);
      const out = emptyStorage([n, oh, ow, c * m], dtype);
      machine.call((frame) => {
        const [images, taps, to] = [frame.dense(x), frame.dense(filter), frame.result(out)];
        run(
          frame,
          dtype,
          n,
          {
            at: images,
            image: h * w * c * bytes,
            pixel: c * bytes,
            extents: [h, w],
            channels: c,
            repeated: m,
            before: [padding[0], padding[2]],
            padded: [h + padding[0] + padding[1], w + padding[2] + padding[3]],
          },
          { at: taps, extents: [kh, kw], stride: [kw * c * m * bytes, c * m * bytes] },
          { start: [0, 0], stride, tall: oh, wide: ow },
          { at: to, image: oh * ow * c * m * bytes, row: ow * c * m * bytes, step: c * m * bytes },
        );
      });
      return out;
    },

    depthwiseConv2dInputGradient(ct: Strided, filter: Strided, { stride, padding }: Conv2dGeometry, inputShape: Extents4): Strided {
      const [n, h, w, c] = inputShape;
      const [kh, kw, , m] = filter.shape as unknown as Extents4;
      const [, oh, ow] = ct.shape as unknown as Extents4;
      const [sy, sx] = stride;
      const dtype = ct.dtype as DType;
      const bytes = bytesOf(dtype);
      const [rowStride, colStride] = [kw * c * m * bytes, c * m * bytes];
      const out = emptyStorage(inputShape, dtype);
      machine.call((frame) => {
        const [cotangents, taps, to] = [frame.dense(ct), frame.dense(filter), frame.result(out)];
        const batch: PlaneBatch = {
          at: cotangents,
          image: oh * ow * c * m * bytes,
          pixel: c * m * bytes,
          extents: [oh, ow],
          channels: c,
          separated: m,
          before: [borderAlong(kh, sy), borderAlong(kw, sx)],
          padded: [reachAlong(h, kh, sy, padding[0]), reachAlong(w, kw, sx, padding[2])],
        };
        for (const y of phasesAlong(h, kh, sy, padding[0])) {
          for (const x of phasesAlong(w, kw, sx, padding[2])) {
            run(
              frame,
              dtype,
              n,
              batch,
              {
                at: taps + y.last * rowStride + x.last * colStride,
                extents: [y.taps, x.taps],
                stride: [-sy * rowStride, -sx * colStride],
              },
              { start: [y.start, x.start], stride: [1, 1], tall: y.count, wide: x.count },
              { at: to + (y.first * w + x.first) * c * bytes, image: h * w * c * bytes, row: sy * w * c * bytes, step: sx * c * bytes },
            );
          }
        }
      });
      return out;
    },
  };
}
