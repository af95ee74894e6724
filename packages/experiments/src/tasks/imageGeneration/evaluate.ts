import { array, createArena, leaves, type Matrix, type Params, type Rng, softmaxCrossEntropy, type Tensor } from "@lodo/tensor";
import type { Layer } from "../../networks/layer.ts";
import { type GreyImages, type Query, queryChannels } from "./channels.ts";

/** A mean over some queries, as an estimate of that over all. */
export interface MeanLoss {
  /** Nats. */
  readonly mean: number;
  /** Of the mean, as if the queries had been drawn one by one; 0 where every one was asked. */
  readonly standardError: number;
  readonly queries: number;
}

/** Every pixel of images from … to − 1. */
export function* everyQuery({ height, width }: GreyImages, from: number, to: number): Generator<Query> {
  for (let image = from; image < to; image++) for (let pixel = 0; pixel < height * width; pixel++) yield { image, pixel };
}

/** `count` queries of images from … to − 1, independently and uniformly, with replacement. */
export function* drawQueries(rng: Rng, { height, width }: GreyImages, from: number, to: number, count: number): Generator<Query> {
  for (let i = 0; i < count; i++) yield { image: from + rng.integer(to - from), pixel: rng.integer(height * width) };
}

/** The mean loss of a network over queries, `piece` of them at a time. `complete` says that they are all there are. */
export function meanLoss<P extends Params>(
  network: Layer<P>,
  weights: P,
  images: GreyImages,
  queries: Iterable<Query>,
  { piece = 32, complete = false }: { readonly piece?: number; readonly complete?: boolean } = {},
): MeanLoss {
  const arena = createArena();
  let [n, mean, squares] = [0, 0, 0];
  const ask = (some: readonly Query[]): void => {
    const losses = arena.run(
      () => {
        const { images: channels, labels } = queryChannels(images, some, leaves(weights)[0] as Tensor);
        return array(softmaxCrossEntropy(network.apply(weights, channels) as Matrix, labels));
      },
      () => [],
    );
    // Welford's recurrence: the sum of squares about the mean so far.
    for (const loss of losses) {
      n++;
      const step = loss - mean;
      mean += step / n;
      squares += step * (loss - mean);
    }
  };
  let waiting: Query[] = [];
  for (const query of queries) {
    waiting.push(query);
    if (waiting.length < piece) continue;
    ask(waiting);
    waiting = [];
  }
  if (waiting.length > 0) ask(waiting);
  arena.close();
  return { mean, standardError: complete || n < 2 ? 0 : Math.sqrt(squares / (n - 1) / n), queries: n };
}
