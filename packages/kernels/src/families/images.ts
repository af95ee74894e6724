import type { Frame, Machine } from "../machine.ts";
import { recordBytes, writeRecord } from "../records.ts";

const FIELDS = ["at", "image", "pixel", "height", "width", "channels", "top", "left", "paddedHeight", "paddedWidth", "copy"] as const;

/** A batch of images as kernels read it: see assembly/images.ts. */
export interface ImageBatch {
  /** First number, and bytes from image to image and from pixel to pixel. */
  readonly at: number;
  readonly image: number;
  readonly pixel: number;
  readonly extents: readonly [height: number, width: number];
  readonly channels: number;
  /** Zeros before the image, and all in all. */
  readonly before: readonly [top: number, left: number];
  readonly padded: readonly [height: number, width: number];
  /** May images without a border be read where they are, their pixels `pixel` apart? */
  readonly inPlace: boolean;
}

/** A record for the module, and where an image's numbers will lie. */
export interface PlacedImages {
  readonly record: number;
  /** Bytes from one to the next, in the copy or in place. */
  readonly pixel: number;
  readonly row: number;
  readonly copied: boolean;
}

export function placeImages({ heap }: Machine, { scratch, own }: Frame, bytes: number, batch: ImageBatch): PlacedImages {
  const { extents, channels, before, padded } = batch;
  const [height, width] = padded;
  // A border, or something left out: neither can be read in place.
  const same = before.every((n) => n === 0) && height === extents[0] && width === extents[1];
  const copied = !(same && batch.inPlace);
  const pixel = copied ? channels * bytes : batch.pixel;
  const record = scratch(recordBytes(FIELDS));
  writeRecord(heap, record, FIELDS, {
    at: batch.at,
    image: batch.image,
    pixel: batch.pixel,
    height: extents[0],
    width: extents[1],
    channels,
    top: before[0],
    left: before[1],
    paddedHeight: height,
    paddedWidth: width,
    copy: copied ? own(height * width * pixel) : 0,
  });
  return { record, pixel, row: width * pixel, copied };
}
