import { DataError } from "./errors.ts";
import type { LabelledPixels } from "./labelledPixels.ts";
import { checkLabels } from "./labels.ts";

const side = 32;
const pixels = side * side;

/** Bytes of a record: the label, then 32×32 values of red, of green and of blue. */
export const recordBytes: number = 1 + 3 * pixels;

/** Room for n images of CIFAR-10, [n, 32, 32, 3], and their labels. */
export const cifar10Room = (n: number): LabelledPixels => ({
  images: new Uint8Array(n * 3 * pixels),
  shape: [n, side, side, 3],
  labels: new Uint8Array(n),
});

/** A piece of a file: whole records, the first of which is the file's image `first`. */
export interface Records {
  readonly source: string;
  readonly bytes: Uint8Array;
  readonly first: number;
}

/**
 * Reads records of CIFAR-10's binary version (Krizhevsky, "Learning multiple layers of features from tiny images", 2009) into room made for them, from
 * image `at` on: a file need never be in memory as a whole. The file has colours in planes, the room has them together, [32, 32, 3].
 * @returns how many images there were.
 * @throws DataError for bytes that are no whole number of records, and for labels above 9.
 */
export function readCifar10({ source, bytes, first }: Records, room: LabelledPixels, at: number): number {
  const n = Math.floor(bytes.length / recordBytes);
  const rest = bytes.length - n * recordBytes;
  if (rest > 0) throw new DataError(`${source}: expected records of ${recordBytes} bytes, found ${rest} bytes after record ${first + n}`);
  for (let i = 0; i < n; i++) {
    room.labels[at + i] = bytes[i * recordBytes] as number;
    const image = room.images.subarray((at + i) * 3 * pixels, (at + i + 1) * 3 * pixels);
    const planes = bytes.subarray(i * recordBytes + 1, (i + 1) * recordBytes);
    for (let p = 0; p < pixels; p++) {
      image[3 * p] = planes[p] as number;
      image[3 * p + 1] = planes[pixels + p] as number;
      image[3 * p + 2] = planes[2 * pixels + p] as number;
    }
  }
  checkLabels(room.labels.subarray(at, at + n), source, 10, first);
  return n;
}
