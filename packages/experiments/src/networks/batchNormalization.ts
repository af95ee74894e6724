import { type BatchStatistics, batchNorm, batchStatistics, ones, type Tensor, type Vector, zeros } from "@lodo/tensor";
import type { Layer } from "./layer.ts";

/** Where normalisations take mean and variance from, given the layer's path in the layout and what comes in. */
export type Statistics = (layer: string, x: Tensor) => BatchStatistics;

/** Those of the batch itself: what is trained. Every image's result then depends on the others of its batch. */
export const ofBatch: Statistics = (_, x) => batchStatistics(x);

/**
 * Batch normalisation (Ioffe & Szegedy 2015), [n, h, w, channels] → the same: each channel less its mean, over its deviation, times a scale (1 at the
 * start) and with an offset (0).
 */
export function batchNormalization({
  path,
  channels,
  statistics,
}: {
  readonly path: string;
  readonly channels: number;
  readonly statistics: Statistics;
}): Layer<{ readonly scale: Tensor; readonly offset: Tensor }> {
  return {
    init: (_, options) => ({ scale: ones([channels], options), offset: zeros([channels], options) }),
    apply: ({ scale, offset }, x) => batchNorm(x, { gamma: scale as Vector, beta: offset as Vector, statistics: statistics(path, x) }),
  };
}
