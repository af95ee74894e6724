import { type DType, type Extents4, emptyStorage, type PoolGeometry, type Strided, windowsAlong } from "@lodo/tensor";
import { pick } from "../exports.ts";
import type { Frame, Machine } from "../machine.ts";
import { recordBytes, writeRecord } from "../records.ts";

const FIELDS = [
  "image",
  "height",
  "width",
  "channels",
  "windowRows",
  "windowCols",
  "rowStride",
  "colStride",
  "top",
  "left",
  "pooled",
  "tall",
  "wide",
] as const;

/** Room for a clipped window: see assembly/pooling.ts. */
const WINDOW_BYTES = 24;
/** Room for the positions of some images, in bytes. */
const POSITIONS_BYTES = 2 ** 20;

/** As the reference declares it. */
interface MaxPooled {
  readonly out: Strided;
  readonly positions: Int32Array;
}

/** Averages of windows and their transpose, and maxima. */
export function poolingKernels(machine: Machine): Record<string, (...args: never) => unknown> {
  const average = pick(machine.exports, "averagePool");
  const averageGradient = pick(machine.exports, "averagePoolGradient");
  const maximum = pick(machine.exports, "maximumPool");

  const describe = (
    frame: Frame,
    { window, stride, padding }: PoolGeometry,
    [, height, width, channels]: Extents4,
    [tall, wide]: readonly [number, number],
    image: number,
    pooled: number,
  ): number => {
    const record = frame.scratch(recordBytes(FIELDS));
    writeRecord(machine.heap, record, FIELDS, {
      image,
      height,
      width,
      channels,
      windowRows: window[0],
      windowCols: window[1],
      rowStride: stride[0],
      colStride: stride[1],
      top: padding[0],
      left: padding[2],
      pooled,
      tall,
      wide,
    });
    return record;
  };

  return {
    avgPool2d(x: Strided, geometry: PoolGeometry): Strided {
      const shape = x.shape as unknown as Extents4;
      const places = windowsAlong(shape, geometry.window, geometry);
      const out = emptyStorage([shape[0], ...places, shape[3]], x.dtype as DType);
      machine.call((frame) => {
        const record = describe(frame, geometry, shape, places, frame.dense(x), frame.result(out));
        average[x.dtype as DType](record, frame.scratch(WINDOW_BYTES), 0, shape[0]);
      });
      return out;
    },

    avgPool2dGradient(ct: Strided, geometry: PoolGeometry, inputShape: Extents4): Strided {
      const [, tall, wide] = ct.shape as unknown as Extents4;
      const out = emptyStorage(inputShape, ct.dtype as DType);
      machine.call((frame) => {
        const record = describe(frame, geometry, inputShape, [tall, wide], frame.result(out), frame.dense(ct));
        averageGradient[ct.dtype as DType](record, frame.scratch(WINDOW_BYTES), 0, inputShape[0]);
      });
      return out;
    },

    maxPool2d(x: Strided, geometry: PoolGeometry): MaxPooled {
      const shape = x.shape as unknown as Extents4;
      const [n, , , channels] = shape;
      const dtype = x.dtype as DType;
      const places = windowsAlong(shape, geometry.window, geometry);
      const out = emptyStorage([n, ...places, channels], dtype);
      const positions = new Int32Array(out.size);
      const perImage = places[0] * places[1] * channels;
      const atOnce = Math.max(1, Math.floor(POSITIONS_BYTES / (4 * perImage)));
      machine.call((frame) => {
        const record = describe(frame, geometry, shape, places, frame.dense(x), frame.result(out));
        const window = frame.scratch(WINDOW_BYTES);
        // Positions leave the heap: what keeps them keeps an ordinary array.
        const at = frame.scratch(4 * atOnce * perImage);
        for (let b = 0; b < n; b += atOnce) {
          const end = Math.min(n, b + atOnce);
          maximum[dtype](record, window, at, b, end);
          positions.set(new Int32Array(machine.heap.buffer, at, (end - b) * perImage), b * perImage);
        }
      });
      return { out, positions };
    },
  };
}
