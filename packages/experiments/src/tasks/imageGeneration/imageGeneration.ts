import type { Task } from "@lodo/optim";
import { ArgumentError, createRng, type DType, ravel, type Vector } from "@lodo/tensor";
import type { Weights } from "../../networks/compose.ts";
import { imageNetwork } from "../../networks/imageNetwork.ts";
import type { Layer } from "../../networks/layer.ts";
import { meanCrossEntropy } from "../../networks/meanCrossEntropy.ts";
import { type GreyImages, queryChannels } from "./channels.ts";
import { drawQueries } from "./evaluate.ts";

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

export interface ImageGeneration extends Task<Record<never, never>> {
  readonly network: Layer<Weights>;
  readonly images: GreyImages;
  /** Training draws from the images before this one. */
  readonly training: number;
  /** x as the network's weights. */
  weights(x: Vector): Weights;
}

/**
 * Section 5.3 and Appendix F.2: how bright is a pixel, given those before it? ℓ(x) is the mean cross-entropy, in nats, of the network with weights x over a
 * batch of pixels; images and pixels are drawn independently, uniformly and with replacement, so there are no epochs.
 * @throws ArgumentError unless there are more images than are held.
 */
export function imageGeneration(
  images: GreyImages,
  { batch = 256, piece = 8, held = 64, network = imageNetwork(), dtype = "float32" }: ImageGenerationOptions = {},
): ImageGeneration {
  const training = images.count - held;
  if (training < 1)
    throw new ArgumentError("image-generation", `expected more than the ${held} images held for validation, got ${images.count}`);
  // Only its shapes count here.
  const { layout, unravel } = ravel(network.init(createRng(0), { dtype }));
  return {
    name: "image-generation",
    dim: layout.size,
    layout,
    network,
    images,
    training,
    weights: unravel,
    init: (rng) => ({ x: ravel(network.init(rng, { dtype })).x, state: {} }),
    draw(state, rng) {
      const queries = [...drawQueries(rng, images, 0, training, batch)];
      const loss = meanCrossEntropy(network, queryChannels(images, queries, { dtype }), { piece });
      return [{ value: (x) => loss(unravel(x)) }, state];
    },
  };
}
