import type { Frame, Machine } from "../machine.ts";
import { recordBytes, writeRecord } from "../records.ts";

const FIELDS = [
  "at",
  "image",
  "pixel",
  "height",
  "width",
  "channels",
  "planes",
  "top",
  "left",
  "paddedHeight",
  "paddedWidth",
  "paddedChannels",
  "copy",
] as const;

/** A batch of images as kernels read it: see assembly/images.ts. */
export interface ImageBatch {
  /** First number, and bytes from image to image and from pixel to pixel. */
  readonly at: number;
  readonly image: number;
  readonly pixel: number;
  readonly extents: readonly [height: number, width: number];
  /** Number c · planes + q of a pixel is channel c of plane q. */
  readonly channels: number;
  readonly planes?: number;
  /** Zeros before the image, and all in all. */
  readonly before: readonly [top: number, left: number];
  readonly padded: readonly [height: number, width: number];
  /** Channels of the copy. */
  readonly paddedChannels?: number;
  /** May images without a border be read where they are, their pixels `pixel` apart? */
  readonly inPlace: boolean;
}

/** A record for the module, and where an image's numbers will lie. */
export interface PlacedImages {
  readonly record: number;
  /** Bytes from one to the next, in the copy or in place. */
  readonly pixel: number;
  readonly row: number;
  readonly plane: number;
  readonly copied: boolean;
}

export function placeImages({ heap }: Machine, { scratch, own }: Frame, bytes: number, batch: ImageBatch): PlacedImages {
  const { extents, channels, planes = 1, before, padded, paddedChannels = channels } = batch;
  const [height, width] = padded;
  // A border, or something left out: neither can be read in place.
  const same = before.every((n) => n === 0) && height === extents[0] && width === extents[1];
  const copied = !(same && batch.inPlace);
  const pixel = copied ? paddedChannels * bytes : batch.pixel;
  const plane = width * height * pixel;
  const record = scratch(recordBytes(FIELDS));
  writeRecord(heap, record, FIELDS, {
    at: batch.at,
    image: batch.image,
    pixel: batch.pixel,
    height: extents[0],
    width: extents[1],
    channels,
    planes,
    top: before[0],
    left: before[1],
    paddedHeight: height,
    paddedWidth: width,
    paddedChannels,
    copy: copied ? own(planes * plane) : 0,
  });
  return { record, pixel, row: width * pixel, plane, copied };
}
