import { ArgumentError, type Images, type TensorOptions, tensor } from "@lodo/tensor";
import type { LabelledImages } from "../../networks/meanCrossEntropy.ts";

/** Grey images in rows from the top, one byte a pixel: [count, height, width]. */
export interface GreyImages {
  readonly pixels: Uint8Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

/** The question put to the network: how bright is this pixel of this image, given the pixels before it? */
export interface Query {
  readonly image: number;
  /** In raster order, row · width + column. */
  readonly pixel: number;
}

/** What the channels hold, in order. */
export const CHANNELS: readonly string[] = ["brightness where visible", "column at or before the pixel's", "visible", "row", "column"];

/**
 * What the network of Section 5.3 sees, and is asked for (Appendix F.2): five channels for each query, [queries, height, width, 5], and the
 * brightness of its pixel, 0 … 255. Visible are the pixels strictly before it in raster order. The channels: brightness/256 where visible and 0
 * elsewhere; ±1, whether the column is at or before the pixel's; ±1, whether visible; 2 row/height − 1 and 2 column/width − 1. This is the authors'
 * code; in their text the mask comes before the columns, which are those left of the pixel, and the gradients go from −1 to 1.
 * @throws ArgumentError if there is no such image or pixel.
 */
export function queryChannels(images: GreyImages, queries: readonly Query[], options: TensorOptions): LabelledImages {
  const { pixels, height: h, width: w } = images;
  const size = h * w;
  const C = CHANNELS.length;
  const channels = new Float32Array(queries.length * size * C);
  const labels = new Int32Array(queries.length);
  let at = 0;
  for (const [q, query] of queries.entries()) {
    checkQuery(images, query);
    const { pixel } = query;
    const start = query.image * size;
    const column = pixel % w;
    labels[q] = pixels[start + pixel] as number;
    for (let i = 0; i < size; i++) {
      const visible = i < pixel;
      const row = Math.floor(i / w);
      const col = i - row * w;
      channels[at++] = visible ? (pixels[start + i] as number) / 256 : 0;
      channels[at++] = col <= column ? 1 : -1;
      channels[at++] = visible ? 1 : -1;
      channels[at++] = (row / h) * 2 - 1;
      channels[at++] = (col / w) * 2 - 1;
    }
  }
  return { images: tensor(channels, [queries.length, h, w, C], options) as Images, labels };
}

function checkQuery({ count, height, width }: GreyImages, { image, pixel }: Query): void {
  for (const [name, value, limit] of [
    ["image", image, count],
    ["pixel", pixel, height * width],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < 0 || value >= limit)
      throw new ArgumentError("queryChannels", `${name} must be an integer from 0 to ${limit - 1}, got ${value}`);
  }
}
