import {
  type Images,
  inMicroBatches,
  type Matrix,
  mean,
  type Params,
  type Scalar,
  ShapeError,
  slice,
  softmaxCrossEntropy,
} from "@lodo/tensor";
import type { Layer } from "./layer.ts";

/** Images [n, h, w, c] and the class of each. */
export interface LabelledImages {
  readonly images: Images;
  readonly labels: Int32Array;
}

/**
 * A network's loss: weights ↦ the mean cross-entropy of its logits, in nats, over a batch that is computed `piece` images at a time (all at once unless
 * told); see `inMicroBatches`.
 * @throws ShapeError unless there is one label for each image.
 */
export function meanCrossEntropy<P extends Params>(
  network: Layer<P>,
  { images, labels }: LabelledImages,
  { piece = labels.length }: { readonly piece?: number } = {},
): (weights: P) => Scalar {
  const [n, ...rest] = images.shape;
  if (labels.length !== n)
    throw new ShapeError("meanCrossEntropy", `expected ${n} labels, one for each of [${images.shape}], got ${labels.length}`);
  const loss = (weights: P, from: number, to: number): Scalar => {
    const some = slice(images, { start: [from, 0, 0, 0], stop: [to, ...rest] });
    return mean(softmaxCrossEntropy(network.apply(weights, some) as Matrix, labels.subarray(from, to)));
  };
  return piece >= n ? (weights) => loss(weights, 0, n) : inMicroBatches(loss, { batch: n, piece });
}
