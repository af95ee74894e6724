import { softmaxCrossEntropyGradientKernel, softmaxCrossEntropyKernel } from "../backend/reference/crossEntropy.ts";
import type { Strided } from "../dtype.ts";
import { ArgumentError, kindOf, ShapeError } from "../errors.ts";
import { fused } from "../fused.ts";
import type { Op } from "../primitive.ts";
import type { Shape } from "../shape.ts";
import type { Matrix, Tensor, Vector } from "../tensor.ts";
import { neg } from "./arithmetic.ts";
import { gather } from "./gather.ts";
import { logSoftmax } from "./reduce.ts";
import { reshape } from "./reshape.ts";

interface Labels {
  /** The class of each row. */
  readonly labels: Int32Array;
}

const crossEntropy: Op<Labels> = fused<Labels>({
  name: "softmaxCrossEntropy",
  definition: ({ labels }, logits) => {
    const { shape, size } = logits as Tensor;
    const places = labels.map((label, i) => i * (shape[1] as number) + label);
    return neg(gather(reshape(logSoftmax(logits as Tensor), [size]), places));
  },
  forward: ({ labels }, logits) => softmaxCrossEntropyKernel(logits as Strided, labels),
  backward: ({ labels }, ct, _, probabilities) => [softmaxCrossEntropyGradientKernel(ct, probabilities as Strided, labels)],
});

/**
 * ln Σⱼ exp(logitsⱼ) − logits[label] of each row: the loss, in nats, of classes told by softmax. logits: [n, c], one label in [0, c) for each row
 * → [n]. Fused: the value and the first derivative are one kernel each.
 * @throws ShapeError unless logits are rows of at least one class and there is one label for each; ArgumentError if a label is no class.
 */
export function softmaxCrossEntropy(logits: Matrix, labels: Int32Array): Vector {
  const shape: Shape = logits.shape;
  const [n, classes] = logits.shape;
  if (shape.length !== 2 || classes < 1) {
    throw new ShapeError("softmaxCrossEntropy", `logits must be [n, c] with at least one class, got [${shape}]`);
  }
  if (!(labels instanceof Int32Array))
    throw new ArgumentError("softmaxCrossEntropy", `labels must be an Int32Array, got ${kindOf(labels)}`);
  if (labels.length !== n) {
    throw new ShapeError("softmaxCrossEntropy", `expected ${n} labels, one for each row of [${shape}], got ${labels.length}`);
  }
  const wrong = labels.find((label) => label < 0 || label >= classes);
  if (wrong !== undefined) throw new ArgumentError("softmaxCrossEntropy", `every label must be in [0, ${classes}), got ${wrong}`);
  // A copy: the gradient is that of the labels given, whatever their owner writes there meanwhile.
  return crossEntropy({ labels: labels.slice() }, logits) as Tensor as Vector;
}
