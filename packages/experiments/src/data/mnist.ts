import { DataError } from "./errors.ts";
import { parseIdx } from "./idx.ts";
import type { LabelledPixels } from "./labelledPixels.ts";
import { checkLabels } from "./labels.ts";

/** An unpacked file, and what errors call it. */
export interface SourcedBytes {
  readonly source: string;
  readonly bytes: Uint8Array;
}

/**
 * Two IDX files of MNIST's form, of images and of their labels, without a copy of either.
 * @throws DataError if one is not of its form, they have not as many entries, there is none, or a label is not below `classes`.
 */
export function parseMnist(images: SourcedBytes, labels: SourcedBytes, classes = 10): LabelledPixels {
  const pixels = parseIdx(images.bytes, images.source, 3);
  const { values } = parseIdx(labels.bytes, labels.source, 1);
  const [n, h, w] = pixels.shape as [number, number, number];
  if (values.length !== n)
    throw new DataError(
      `expected a label for each image, found ${n} images in ${images.source} and ${values.length} labels in ${labels.source}`,
    );
  if (n === 0) throw new DataError(`${images.source}: expected images, found none`);
  checkLabels(values, labels.source, classes);
  return { images: pixels.values, shape: [n, h, w, 1], labels: values };
}
