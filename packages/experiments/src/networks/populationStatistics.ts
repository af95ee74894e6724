import {
  array,
  type BatchStatistics,
  batchStatistics,
  createArena,
  type Images,
  leaves,
  type Params,
  type Tensor,
  vector,
} from "@lodo/tensor";
import type { Statistics } from "./batchNormalization.ts";
import type { Layer } from "./layer.ts";

type Moments = Readonly<Record<keyof BatchStatistics, Float64Array>>;

/**
 * Statistics for a network's normalisations to be fixed at, re-estimated for the weights that it has now: of several batches of one size, each normalised
 * by its own as in training, the mean of means, and the variance of all their numbers together, the mean of (variance + (mean − mean of means)²) (Wu
 * & Johnson, "Rethinking 'Batch' in BatchNorm", 2021). Yields after every batch.
 */
export function* populationStatistics<P extends Params>(
  network: (statistics: Statistics) => Layer<P>,
  weights: P,
  batches: Iterable<() => Images>,
): Generator<void, Statistics> {
  const { dtype } = leaves(weights)[0] as Tensor;
  const seen = new Map<string, Moments[]>();
  const noting: Statistics = (layer, x) => {
    const { mean, variance } = batchStatistics(x);
    const moments = { mean: Float64Array.from(array(mean)), variance: Float64Array.from(array(variance)) };
    seen.set(layer, [...(seen.get(layer) ?? []), moments]);
    return { mean, variance };
  };
  const noted = network(noting);
  const arena = createArena();
  try {
    for (const batch of batches) {
      arena.run(
        () => noted.apply(weights, batch()),
        () => [],
      );
      yield;
    }
  } finally {
    arena.close();
  }
  const fixed = new Map(
    [...seen].map(([layer, moments]) => {
      const { mean, variance } = together(moments);
      return [layer, { mean: vector(mean, { dtype }), variance: vector(variance, { dtype }) }];
    }),
  );
  return (layer) => fixed.get(layer) as BatchStatistics;
}

/** Of batches of one size, taken as one. */
function together(batches: readonly Moments[]): Moments {
  const average = (of: (moments: Moments, channel: number) => number): Float64Array =>
    Float64Array.from((batches[0] as Moments).mean, (_, c) => batches.reduce((sum, moments) => sum + of(moments, c), 0) / batches.length);
  const mean = average((moments, c) => moments.mean[c] as number);
  const variance = average((moments, c) => {
    const off = (moments.mean[c] as number) - (mean[c] as number);
    return (moments.variance[c] as number) + off * off;
  });
  return { mean, variance };
}
