import { array, createArena, leaves, type Matrix, type Params, softmaxCrossEntropy, type Tensor } from "@lodo/tensor";
import type { Layer } from "../../networks/layer.ts";
import { RunningMean } from "../runningMean.ts";
import { type GreyImages, type Query, queryChannels } from "./channels.ts";

/** A mean over queries. */
export interface MeanLoss {
  /** Nats. */
  readonly mean: number;
  /** Of the mean, for queries that were drawn one by one: the deviation of the losses over √queries; NaN for a single one. */
  readonly standardError: number;
  readonly queries: number;
}

/** The mean loss of a network over queries, `piece` of them at a time, between which it yields how many are done. */
export function* meanLoss<P extends Params>(
  network: Layer<P>,
  weights: P,
  images: GreyImages,
  queries: Iterable<Query>,
  { piece }: { readonly piece: number },
): Generator<number, MeanLoss> {
  const { dtype } = leaves(weights)[0] as Tensor;
  const arena = createArena();
  const lossesOf = (some: readonly Query[]): ArrayLike<number> =>
    arena.run(
      () => {
        const { images: channels, labels } = queryChannels(images, some, { dtype });
        return array(softmaxCrossEntropy(network.apply(weights, channels) as Matrix, labels));
      },
      () => [],
    );
  const losses = new RunningMean();
  try {
    for (const some of inPieces(queries, piece)) {
      for (const loss of Array.from(lossesOf(some))) losses.add(loss);
      yield losses.count;
    }
  } finally {
    arena.close();
  }
  return { mean: losses.mean, standardError: losses.standardError, queries: losses.count };
}

function* inPieces<T>(all: Iterable<T>, size: number): Generator<readonly T[]> {
  let piece: T[] = [];
  for (const each of all) {
    piece.push(each);
    if (piece.length < size) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}
