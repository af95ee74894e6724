import { ArgumentError, type Images, type Rng, type TensorOptions, tensor } from "@lodo/tensor";
import type { LabelledPixels } from "../../data/labelledPixels.ts";
import type { LabelledImages } from "../../networks/meanCrossEntropy.ts";
import type { ChannelMoments } from "./channelMoments.ts";

/** Black pixels on every side of an image that crops are cut from. */
export const PADDING = 4;

/** An image's extent of pixels out of the padded image, its first row and column counted in that, and whether it is then mirrored, left to right. */
export interface Crop {
  readonly image: number;
  readonly row: number;
  readonly column: number;
  readonly flipped: boolean;
}

/** The image as it is. */
export const whole = (image: number): Crop => ({ image, row: PADDING, column: PADDING, flipped: false });

/** `count` crops: image, place and side independent and uniform, with replacement. */
export const drawCrops = (rng: Rng, { shape: [n] }: LabelledPixels, count: number): readonly Crop[] =>
  Array.from({ length: count }, () => ({
    image: rng.integer(n),
    row: rng.integer(2 * PADDING + 1),
    column: rng.integer(2 * PADDING + 1),
    flipped: rng.integer(2) === 1,
  }));

/**
 * Crops, normalised by channel, [crops, h, w, c], and their classes.
 * @throws ArgumentError if there is no such image, or the crop leaves the padded image.
 */
export function cropImages(
  images: LabelledPixels,
  crops: readonly Crop[],
  moments: ChannelMoments,
  options: TensorOptions,
): LabelledImages {
  const [, h, w, c] = images.shape;
  const values = new Float64Array(crops.length * h * w * c);
  const normalize = (pixel: number, k: number): number => (pixel - (moments.mean[k] as number)) / (moments.deviation[k] as number);
  let at = 0;
  for (const crop of crops) {
    checkCrop(images, crop);
    for (let i = 0; i < h; i++) {
      const row = crop.row + i - PADDING;
      for (let j = 0; j < w; j++) {
        const column = crop.column + (crop.flipped ? w - 1 - j : j) - PADDING;
        const inside = row >= 0 && row < h && column >= 0 && column < w;
        const from = ((crop.image * h + row) * w + column) * c;
        for (let k = 0; k < c; k++) values[at++] = normalize(inside ? (images.images[from + k] as number) : 0, k);
      }
    }
  }
  const labels = Int32Array.from(crops, ({ image }) => images.labels[image] as number);
  return { images: tensor(values, [crops.length, h, w, c], options) as Images, labels };
}

function checkCrop({ shape: [n] }: LabelledPixels, { image, row, column }: Crop): void {
  for (const [name, value, last] of [
    ["image", image, n - 1],
    ["row", row, 2 * PADDING],
    ["column", column, 2 * PADDING],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < 0 || value > last)
      throw new ArgumentError("cropImages", `${name} must be an integer from 0 to ${last}, got ${value}`);
  }
}
