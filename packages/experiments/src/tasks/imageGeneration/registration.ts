import { choice, complete, count } from "@lodo/preconditioner";
import type { Rng } from "@lodo/tensor";
import { imageNetwork } from "../../networks/imageNetwork.ts";
import type { MemoryProbe, RegisteredTask } from "../task.ts";
import { type ImageGeneration, imageGeneration } from "./imageGeneration.ts";
import { HELD, identifiedImages, madeUpImages } from "./images.ts";

const id = "image-generation";

const options = {
  batch: count(256, 1, "pixels drawn for a step"),
  piece: count(8, 1, "pixels of a batch computed at a time: memory grows with it"),
  data: choice("mnist", ["mnist", "fashion-mnist"], "what the images are of"),
};

const small = { batch: count(3, 1, "pixels drawn for a step"), piece: count(2, 1, "pixels of a batch computed at a time") };

/**
 * The memory of a step is linear in batch and piece, m + b·batch + p·piece as soon as the batch is computed in pieces: three small ones say what it is.
 */
function memoryProbes(values: Readonly<Record<string, unknown>>): readonly MemoryProbe[] {
  const { batch, piece } = complete(id, options, values);
  const whole = Math.min(batch, piece);
  const [overBatch, overPiece] = [(batch - 2) / 2, whole - 1];
  return [
    { values: { ...values, batch: 2, piece: 1 }, weight: 1 - overBatch },
    { values: { ...values, batch: 4, piece: 1 }, weight: overBatch - overPiece },
    { values: { ...values, batch: 4, piece: 2 }, weight: overPiece },
  ];
}

/** A rehearsal is enough to draw samples from weights. */
interface ImageGenerationTask extends RegisteredTask {
  readonly id: typeof id;
  rehearse(rng: Rng, values: Readonly<Record<string, unknown>>): ImageGeneration;
}

export const imageGenerationTask: ImageGenerationTask = {
  id,
  summary: "how bright is a pixel, given those before it? A network of 94 696 weights says, in float32",
  reference: "Section 5.3",
  options,
  dtype: "float32",
  create(_, values) {
    const { batch, piece, data } = complete(id, options, values);
    const { data: identity, ...images } = identifiedImages(data);
    return { ...imageGeneration(images, { batch, piece, held: HELD }), data: identity };
  },
  rehearse(_, values) {
    const { batch, piece } = complete(id, options, values);
    return imageGeneration(madeUpImages(HELD + 1, 28, 28), { batch, piece, held: HELD });
  },
  memoryProbes,
  miniature: {
    id,
    options: small,
    create(_, values) {
      const { batch, piece } = complete(id, small, values);
      const network = imageNetwork({ channels: 1, stages: 2, blocks: 1 });
      return imageGeneration(madeUpImages(4, 4, 3), { batch, piece, held: 1, network, dtype: "float64" });
    },
  },
};
