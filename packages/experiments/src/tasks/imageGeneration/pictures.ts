import { array } from "@lodo/tensor";
import { type GreyImages, type Query, queryChannels } from "./channels.ts";

/** One picture in shades of grey, a byte a pixel. */
export interface GreyPicture {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Pixels between two images. */
const GAP = 2;
const GROUND = 128;

/** Images side by side in rows of `columns`, each pixel a square of `scale` by `scale`. */
export function grid(
  { pixels, count, height: h, width: w }: GreyImages,
  { columns, scale }: { readonly columns: number; readonly scale: number },
): GreyPicture {
  const rows = Math.ceil(count / columns);
  const [cellWidth, cellHeight] = [w * scale + GAP, h * scale + GAP];
  const [width, height] = [columns * cellWidth + GAP, rows * cellHeight + GAP];
  const data = new Uint8Array(width * height).fill(GROUND);
  for (let image = 0; image < count; image++) {
    const top = GAP + Math.floor(image / columns) * cellHeight;
    const left = GAP + (image % columns) * cellWidth;
    for (let y = 0; y < h * scale; y++) {
      for (let x = 0; x < w * scale; x++) {
        const pixel = Math.floor(y / scale) * w + Math.floor(x / scale);
        data[(top + y) * width + left + x] = pixels[image * h * w + pixel] as number;
      }
    }
  }
  return { data, width, height };
}

/** The channels that a query shows the network, as images in their order (Figure 9): brightness as it is, −1 black and 1 white in the others. */
export function channelImages(images: GreyImages, query: Query): GreyImages {
  const { height, width } = images;
  const { images: channels } = queryChannels(images, [query], { dtype: "float32" });
  const [, , , C] = channels.shape;
  const size = height * width;
  const pixels = new Uint8Array(C * size);
  for (const [i, value] of Array.from(array(channels)).entries()) {
    const channel = i % C;
    pixels[channel * size + Math.floor(i / C)] = channel === 0 ? value * 256 : Math.round(((value + 1) / 2) * 255);
  }
  return { pixels, count: C, height, width };
}
