import { portable } from "@lodo/tensor";
import type { GreyImages } from "../../../tasks/imageGeneration/channels.ts";

/**
 * The entropy of a pixel's brightness over the first `count` images, in nats: −Σ p log p over the 256 levels, where p is the share of pixels that have a
 * level. It is the least loss of who gives the same answer whatever is asked; below it, something has been learned of the images.
 */
export function pixelEntropy({ pixels, height, width }: GreyImages, count: number): number {
  const levels = new Float64Array(256);
  const total = count * height * width;
  for (let i = 0; i < total; i++) {
    const level = pixels[i] as number;
    levels[level] = (levels[level] as number) + 1;
  }
  return levels.reduce((sum, each) => (each === 0 ? sum : sum - (each / total) * portable.log(each / total)), 0);
}
