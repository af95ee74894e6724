import { array, createArena, leaves, type Matrix, type Params, softmaxCrossEntropy, type Tensor } from "@lodo/tensor";
import type { LabelledPixels } from "../../data/labelledPixels.ts";
import type { Layer } from "../../networks/layer.ts";
import { RunningMean } from "../runningMean.ts";
import type { ChannelMoments } from "./channelMoments.ts";
import { cropImages, whole } from "./crops.ts";

export interface Judgement {
  /** Cross-entropy of an image, in nats. */
  readonly loss: RunningMean;
  /** 1 for an image whose class has the largest logit of all, 0 for any other. */
  readonly accuracy: RunningMean;
}

/**
 * How a network classifies some images as they are, `piece` of them at a time, between which it yields how many are done. The pieces make no difference to a
 * network whose statistics are fixed.
 */
export function* judge<P extends Params>(
  network: Layer<P>,
  weights: P,
  images: LabelledPixels,
  { which, moments, piece }: { readonly which: readonly number[]; readonly moments: ChannelMoments; readonly piece: number },
): Generator<number, Judgement> {
  const { dtype } = leaves(weights)[0] as Tensor;
  const arena = createArena();
  const [loss, accuracy] = [new RunningMean(), new RunningMean()];
  const judgeSome = (some: readonly number[]): void => {
    const { images: x, labels } = cropImages(images, some.map(whole), moments, { dtype });
    const logits = network.apply(weights, x) as Matrix;
    for (const each of array(softmaxCrossEntropy(logits, labels))) loss.add(each);
    const numbers = array(logits);
    const classes = logits.shape[1];
    for (const [i, label] of labels.entries()) accuracy.add(isLargest(numbers.subarray(i * classes, (i + 1) * classes), label) ? 1 : 0);
  };
  try {
    for (let from = 0; from < which.length; from += piece) {
      arena.run(
        () => judgeSome(which.slice(from, from + piece)),
        () => [],
      );
      yield Math.min(which.length, from + piece);
    }
  } finally {
    arena.close();
  }
  return { loss, accuracy };
}

/** Whether one number is larger than every other; NaN is larger than none. */
const isLargest = (numbers: ArrayLike<number>, at: number): boolean =>
  Array.from(numbers).every((other, i) => i === at || (numbers[at] as number) > other);
