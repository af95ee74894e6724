import { ArgumentError, type Rng } from "@lodo/tensor";
import type { LabelledPixels } from "./labelledPixels.ts";

/**
 * The indices of a batch: independent, uniform on the images, with replacement.
 * @throws ArgumentError unless `batchSize` is a positive integer and there are images.
 */
export function draw({ labels }: Pick<LabelledPixels, "labels">, batchSize: number, rng: Rng): Int32Array {
  if (!Number.isSafeInteger(batchSize) || batchSize < 1)
    throw new ArgumentError("draw", `batchSize must be a positive integer, got ${batchSize}`);
  if (labels.length === 0) throw new ArgumentError("draw", "expected images to draw from, got none");
  return Int32Array.from({ length: batchSize }, () => rng.integer(labels.length));
}
