import { array, createArena, leaves, type Matrix, type Params, type Rng, softmax, type Tensor } from "@lodo/tensor";
import type { Layer } from "../../networks/layer.ts";
import { type GreyImages, queryChannels } from "./channels.ts";

/**
 * Draws images from what a network has learned, as Figure 10: all of them together, pixel by pixel in raster order, each from the distribution that the
 * network gives given those before it. Images that are begun (`known` pixels of them) are finished.
 */
export function sampleImages<P extends Params>(
  network: Layer<P>,
  weights: P,
  rng: Rng,
  { count, height, width, begun }: { readonly count: number; readonly height: number; readonly width: number; readonly begun?: Begun },
): GreyImages {
  const pixels = begun ? begun.pixels.slice() : new Uint8Array(count * height * width);
  const images = { pixels, count, height, width };
  const arena = createArena();
  for (let pixel = begun?.known ?? 0; pixel < height * width; pixel++) {
    const queries = Array.from({ length: count }, (_, image) => ({ image, pixel }));
    const levels = arena.run(
      () => {
        const { images: channels } = queryChannels(images, queries, leaves(weights)[0] as Tensor);
        return array(softmax(network.apply(weights, channels) as Matrix, { axis: 1 }));
      },
      () => [],
    );
    for (let image = 0; image < count; image++) {
      pixels[image * height * width + pixel] = draw(levels, image * 256, rng.uniform());
    }
  }
  arena.close();
  return images;
}

/** Images whose first pixels stand already. */
export interface Begun {
  readonly pixels: Uint8Array;
  readonly known: number;
}

/** The level at which the running sum of 256 probabilities passes u; the last one possible, if rounding leaves the sum below. */
function draw(probabilities: ArrayLike<number>, start: number, u: number): number {
  let sum = 0;
  let last = 0;
  for (let level = 0; level < 256; level++) {
    const p = probabilities[start + level] as number;
    if (p > 0) last = level;
    sum += p;
    if (u < sum) return level;
  }
  return last;
}
