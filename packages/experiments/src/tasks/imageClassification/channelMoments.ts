import type { LabelledPixels } from "../../data/labelledPixels.ts";

/** What each channel is normalised by. */
export interface ChannelMoments {
  readonly mean: readonly number[];
  /** 1 where a channel is one number throughout. */
  readonly deviation: readonly number[];
}

/** Mean and deviation of each channel over all pixels of all images, in the pixels' own unit, 0 … 255. */
export function channelMoments({ images, shape: [, , , c] }: LabelledPixels): ChannelMoments {
  // Whole numbers below 2⁵³: no sum is rounded.
  const [sums, squares] = [new Float64Array(c), new Float64Array(c)];
  for (let i = 0; i < images.length; ) {
    for (let k = 0; k < c; k++, i++) {
      const pixel = images[i] as number;
      sums[k] = (sums[k] as number) + pixel;
      squares[k] = (squares[k] as number) + pixel * pixel;
    }
  }
  const n = images.length / c;
  const mean = Array.from(sums, (sum) => sum / n);
  const deviation = mean.map((m, k) => Math.sqrt(Math.max(0, (squares[k] as number) / n - m * m)) || 1);
  return { mean, deviation };
}
