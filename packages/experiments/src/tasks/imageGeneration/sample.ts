import {
  type Arena,
  ArgumentError,
  array,
  createArena,
  leaves,
  type Matrix,
  type Params,
  type Rng,
  softmax,
  type Tensor,
} from "@lodo/tensor";
import type { Layer } from "../../networks/layer.ts";
import { type GreyImages, queryChannels } from "./channels.ts";

export interface SampleOptions {
  /** What to begin with: its first `known` pixels of each image stand, the rest are drawn. */
  readonly begun: GreyImages;
  readonly known?: number;
  /** Images computed at a time: memory grows with it, and no bit of the result depends on it but by rounding. */
  readonly piece?: number;
}

/** Images of which nothing is known. */
export const blank = (count: number, height: number, width: number): GreyImages => ({
  pixels: new Uint8Array(count * height * width),
  count,
  height,
  width,
});

/**
 * Draws images from what a network has learned, as Figure 10: pixel by pixel in raster order, each level of grey from the distribution that the network
 * gives it, given the pixels before. Every image draws from a generator of its own. Yields after every pixel how many of each image stand.
 * @throws ArgumentError unless `known` is a number of pixels that an image has.
 */
export function* sampleImages<P extends Params>(
  network: Layer<P>,
  weights: P,
  rng: Rng,
  { begun, known = 0, piece = 16 }: SampleOptions,
): Generator<number, GreyImages> {
  const { count, height, width } = begun;
  const size = height * width;
  if (!Number.isSafeInteger(known) || known < 0 || known > size)
    throw new ArgumentError("sampleImages", `known must be an integer from 0 to ${size}, got ${known}`);
  const images = { ...begun, pixels: begun.pixels.slice() };
  const rngs = Array.from({ length: count }, (_, image) => rng.split(image));
  const arena = createArena();
  try {
    for (let pixel = known; pixel < size; pixel++) {
      for (let from = 0; from < count; from += piece) {
        const some = Array.from({ length: Math.min(piece, count - from) }, (_, i) => from + i);
        const levels = distributions(arena, network, weights, images, some, pixel);
        const classes = levels.length / some.length;
        for (const [i, image] of some.entries()) {
          const u = (rngs[image] as Rng).uniform();
          images.pixels[image * size + pixel] = inverse(levels, i * classes, classes, u);
        }
      }
      yield pixel + 1;
    }
  } finally {
    arena.close();
  }
  return images;
}

/** What the network takes each level to be worth at a pixel of some images: [some, levels]. */
function distributions<P extends Params>(
  arena: Arena,
  network: Layer<P>,
  weights: P,
  images: GreyImages,
  some: readonly number[],
  pixel: number,
): ArrayLike<number> {
  const { dtype } = leaves(weights)[0] as Tensor;
  const queries = some.map((image) => ({ image, pixel }));
  return arena.run(
    () => array(softmax(network.apply(weights, queryChannels(images, queries, { dtype }).images) as Matrix, { axis: 1 })),
    () => [],
  );
}

/** The level at which the running sum of probabilities passes u; the last one possible, where rounding leaves the sum below u. */
function inverse(probabilities: ArrayLike<number>, start: number, classes: number, u: number): number {
  let sum = 0;
  let last = 0;
  for (let level = 0; level < classes; level++) {
    const p = probabilities[start + level] as number;
    if (p > 0) last = level;
    sum += p;
    if (u < sum) return level;
  }
  return last;
}
