import type { DType } from "@lodo/tensor";
import { pick } from "../exports.ts";
import { bytesOf, type Frame, type Machine } from "../machine.ts";
import { recordBytes, writeRecord } from "../records.ts";
import { type ImageBatch, type PlacedImages, placeImages } from "./images.ts";
import { NUMBER_BYTES_PER_NANOSECOND } from "./matmul.ts";

const FIELDS = [
  "start",
  "down",
  "step",
  "rows",
  "line",
  "length",
  "packed",
  "columns",
  "out",
  "outImage",
  "outRow",
  "outStep",
  "tall",
  "wide",
  "tile",
] as const;

/** Four windows by two vectors. */
const TILE_BYTES = 128;

/** A filter [rows, cols, K, N] as it is to be packed: the address of its first number and its strides in bytes, which may be negative. */
export interface FilterView {
  readonly at: number;
  readonly extents: readonly [rows: number, cols: number, K: number, N: number];
  readonly stride: readonly [row: number, col: number, k: number, n: number];
}

/** Windows over a batch of images: the first one's pixel within the border, and pixels from one to the next. */
export interface WindowGrid {
  readonly start: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly tall: number;
  readonly wide: number;
}

/** Where results go: the first one, and bytes from image to image, row to row, window to window. */
export interface Target {
  readonly at: number;
  readonly image: number;
  readonly row: number;
  readonly step: number;
}

/** Convolves n images with a filter: the call of assembly/convolution.ts. */
export type Convolve = (frame: Frame, dtype: DType, n: number, batch: ImageBatch, filter: FilterView, grid: WindowGrid, to: Target) => void;

export function convolver(machine: Machine): Convolve {
  const pack = pick(machine.exports, "packFilter");
  const convolve = pick(machine.exports, "convolve");
  return (frame, dtype, n, batch, filter, grid, to) => {
    const bytes = bytesOf(dtype);
    const [rows, cols, K, N] = filter.extents;
    const [rowStride, colStride, kStride, nStride] = filter.stride;
    const vector = 16 / bytes;
    const packed = frame.scratch(rows * cols * K * Math.ceil(N / vector) * 16);
    pack[dtype](filter.at, rows, rowStride, cols, colStride, K, kStride, N, nStride, packed);
    const images = placeImages(machine, frame, bytes, batch);
    const record = frame.scratch(recordBytes(FIELDS));
    writeRecord(machine.heap, record, FIELDS, {
      start: grid.start[0] * images.row + grid.start[1] * images.pixel,
      ...walk(images, grid, to, rows * cols === 1),
      rows,
      line: images.row,
      length: cols * K,
      packed,
      columns: N,
      out: to.at,
      outImage: to.image,
      outRow: to.row,
      outStep: to.step,
      tile: frame.own(TILE_BYTES),
    });
    const sums = n * grid.tall * grid.wide * N * rows * cols * K;
    frame.share(convolve[dtype], [images.record, record, 0, n], 2, n, { nanoseconds: (sums * bytes) / NUMBER_BYTES_PER_NANOSECOND });
  };
}

/** From window to window. Windows of a pixel that lie as close as their pixels are one long row: its tiles come out even. */
function walk({ row, pixel, copied }: PlacedImages, { stride, tall, wide }: WindowGrid, to: Target, ofOnePixel: boolean) {
  const [down, step] = [stride[0] * row, stride[1] * pixel];
  const joined = ofOnePixel && !copied && down === wide * step && to.row === wide * to.step;
  return joined ? { down, step, tall: 1, wide: tall * wide } : { down, step, tall, wide };
}
