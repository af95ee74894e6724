import type { Frame, Machine } from "../machine.ts";
import { recordBytes, writeRecord } from "../records.ts";

const FIELDS = [
  "at",
  "image",
  "pixel",
  "height",
  "width",
  "channels",
  "repeated",
  "separated",
  "top",
  "left",
  "paddedHeight",
  "paddedWidth",
  "copy",
  "copyBytes",
] as const;

/** Bytes from a pixel of a plane to the next: a vector. */
export const VECTOR_BYTES = 16;

/** A batch of images whose copies are planes of vectors of channels: see assembly/planes.ts. */
export interface PlaneBatch {
  /** First number, and bytes from image to image and from pixel to pixel. */
  readonly at: number;
  readonly image: number;
  readonly pixel: number;
  readonly extents: readonly [height: number, width: number];
  readonly channels: number;
  /** How many times each channel meets the result's. */
  readonly repeated?: number;
  /** Number c · separated + q of a pixel is channel c of plane q. */
  readonly separated?: number;
  /** Zeros before the image, and all in all. */
  readonly before: readonly [top: number, left: number];
  readonly padded: readonly [height: number, width: number];
}

/** A record for the module, and bytes between rows and planes of a copy. */
export interface PlacedPlanes {
  readonly record: number;
  readonly row: number;
  readonly plane: number;
  /** Vectors of the result that draw on one of the copy: where a kernel repeats channels by itself, which it can three times, the copy does not. */
  readonly spread: number;
}

/** Vectors that so many channels fill. */
export const vectorsOf = (channels: number, bytes: number): number => Math.ceil((channels * bytes) / VECTOR_BYTES);

export function placePlanes({ heap }: Machine, { scratch, own }: Frame, bytes: number, batch: PlaneBatch): PlacedPlanes {
  const { at, image, pixel, extents, channels, repeated = 1, separated = 1, before, padded } = batch;
  const [height, width] = padded;
  const spread = repeated === 3 ? 3 : 1;
  const row = width * VECTOR_BYTES;
  const plane = height * row;
  const copyBytes = vectorsOf(channels, bytes) * (repeated / spread) * separated * plane;
  const record = scratch(recordBytes(FIELDS));
  writeRecord(heap, record, FIELDS, {
    at,
    image,
    pixel,
    height: extents[0],
    width: extents[1],
    channels,
    repeated: repeated / spread,
    separated,
    top: before[0],
    left: before[1],
    paddedHeight: height,
    paddedWidth: width,
    copy: own(copyBytes),
    copyBytes,
  });
  return { record, row, plane, spread };
}
