import { portable } from "@lodo/tensor";
import type { GreyImages } from "../../../tasks/imageGeneration/channels.ts";

/**
 * The entropy of a pixel's brightness, in nats: −Σ p log p over the 256 levels, where p is the share of pixels that have a level. On these images nobody
 * who gives the same answer whatever is asked loses less, not even who knows the shares.
 */
export function pixelEntropy({ pixels, count, height, width }: GreyImages): number {
  const levels = new Float64Array(256);
  const total = count * height * width;
  for (let i = 0; i < total; i++) {
    const level = pixels[i] as number;
    levels[level] = (levels[level] as number) + 1;
  }
  return levels.reduce((sum, each) => (each === 0 ? sum : sum - (each / total) * portable.log(each / total)), 0);
}
