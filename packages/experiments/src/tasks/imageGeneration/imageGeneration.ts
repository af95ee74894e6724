import { ArgumentError, createRng, type DType, ofVector, ravel, type Vector } from "@lodo/tensor";
import type { Weights } from "../../networks/compose.ts";
import { imageNetwork } from "../../networks/imageNetwork.ts";
import type { Layer } from "../../networks/layer.ts";
import { meanCrossEntropy } from "../../networks/meanCrossEntropy.ts";
import type { MeasuredTask } from "../task.ts";
import { type GreyImages, queryChannels } from "./channels.ts";
import { evaluateOn } from "./evaluate.ts";
import { drawQueries } from "./queries.ts";

export interface ImageGenerationOptions {
  /** Queries in a batch. */
  readonly batch?: number;
  /** Of them computed at a time: memory grows with it, and hardly anything else. */
  readonly piece?: number;
  /** How many images, the last, are kept from training for validation. */
  readonly held?: number;
  readonly network?: Layer<Weights>;
  readonly dtype?: DType;
}

/** What there is to learn from, and what the test is on. */
export interface TrainAndTest {
  readonly train: GreyImages;
  readonly test: GreyImages;
}

export interface ImageGeneration extends MeasuredTask {
  readonly network: Layer<Weights>;
  /** x as the network's weights. */
  weights(x: Vector): Weights;
}

/**
 * Section 5.3 and Appendix F.2: how bright is a pixel, given those before it? ℓ(x) is the mean cross-entropy, in nats, of the network with weights x over a
 * batch of pixels; images and pixels are drawn independently, uniformly and with replacement, so there are no epochs.
 * @throws ArgumentError unless there are more images than are held, and those of the test have their size.
 */
export function imageGeneration(
  { train, test }: TrainAndTest,
  { batch = 256, piece = 8, held = 64, network = imageNetwork(), dtype = "float32" }: ImageGenerationOptions = {},
): ImageGeneration {
  const kept = train.count - held;
  if (kept < 1)
    throw new ArgumentError("image-generation", `expected more images than the ${held} held for validation, got ${train.count}`);
  if (test.count < 1 || test.height !== train.height || test.width !== train.width)
    throw new ArgumentError(
      "image-generation",
      `expected test images of ${train.height}×${train.width}, got ${test.count} of ${test.height}×${test.width}`,
    );
  // Only its shapes count here.
  const { layout, unravel } = ravel(network.init(createRng(0), { dtype }));
  const weights = (x: Vector): Weights => unravel(x);
  return {
    name: "image-generation",
    dim: layout.size,
    layout,
    network,
    weights,
    init: (rng) => ({ x: ravel(network.init(rng, { dtype })).x, state: null }),
    draw(state, rng) {
      const queries = [...drawQueries(rng, train, { from: 0, to: kept }, batch)];
      const loss = meanCrossEntropy(network, queryChannels(train, queries, { dtype }), { piece });
      return [{ value: ofVector(loss, weights) }, state];
    },
    evaluate: (x, sampling) =>
      evaluateOn(
        network,
        weights(x),
        [
          { name: "validation loss", images: train, range: { from: kept, to: train.count } },
          { name: "test loss", images: test, range: { from: 0, to: test.count } },
        ],
        { sampling, piece },
      ),
  };
}
