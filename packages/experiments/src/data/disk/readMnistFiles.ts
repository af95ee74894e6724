import type { Dataset } from "../datasets.ts";
import { digestOf } from "../digest.ts";
import { parseMnist } from "../mnist.ts";
import type { Found } from "./find.ts";
import type { ReadFiles } from "./reader.ts";
import { readUnpacked } from "./readUnpacked.ts";

/** A file of images and one of labels. */
export function readMnistFiles({ classes }: Dataset, { present }: Found): ReadFiles {
  const [images, labels] = present.map(({ path, file }) => ({ source: path, bytes: readUnpacked(path, file.bytes) }));
  if (!images || !labels) throw new RangeError(`expected a file of images and one of labels, got ${present.length}`);
  return { ...parseMnist(images, labels, classes), digests: [digestOf(images.bytes), digestOf(labels.bytes)] };
}
