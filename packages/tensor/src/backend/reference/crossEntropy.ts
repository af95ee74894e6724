import type { Strided } from "../../dtype.ts";
import { defineKernel, type Kernel } from "../../kernel.ts";
import { emptyStorage } from "../../storage.ts";
import { contiguousKernel } from "./layout.ts";
import { portable } from "./portable.ts";

/** Losses [n] and the probabilities [n, c] that they come from. */
export interface SoftmaxCrossEntropy {
  readonly out: Strided;
  readonly saved: Strided;
}

/** −ln softmax(logits)[label] of each row of logits [n, c], in float64; shifted by the largest logit where that is finite. */
export const softmaxCrossEntropyKernel: Kernel<readonly [logits: Strided, labels: Int32Array], SoftmaxCrossEntropy> = defineKernel(
  "softmaxCrossEntropy",
  (logits, labels) => {
    const X = contiguousKernel(logits);
    const [n, classes] = X.shape as [number, number];
    const [out, saved] = [emptyStorage([n], X.dtype), emptyStorage([n, classes], X.dtype)];
    const [x, powers] = [X.data, new Float64Array(classes)];
    for (let i = 0; i < n; i++) {
      const row = X.offset + i * classes;
      let top = Number.NEGATIVE_INFINITY;
      for (let j = 0; j < classes; j++) top = Math.max(top, x[row + j] as number);
      const shift = Math.abs(top) < Number.POSITIVE_INFINITY ? top : 0;
      let sum = 0;
      for (let j = 0; j < classes; j++) {
        const power = portable.exp((x[row + j] as number) - shift);
        powers[j] = power;
        sum += power;
      }
      for (let j = 0; j < classes; j++) saved.data[i * classes + j] = (powers[j] as number) / sum;
      out.data[i] = portable.log(sum) - ((x[row + (labels[i] as number)] as number) - shift);
    }
    return { out, saved };
  },
);

/**
 * ct [n] ⊙ (probabilities − one-hot labels), [n, c]. What stands at the label is minus the sum of the rest of its row: p − 1 would cancel
 * where p is near 1.
 */
export const softmaxCrossEntropyGradientKernel: Kernel<readonly [ct: Strided, probabilities: Strided, labels: Int32Array], Strided> =
  defineKernel("softmaxCrossEntropyGradient", (cotangent, probabilities, labels) => {
    const [CT, P] = [contiguousKernel(cotangent), contiguousKernel(probabilities)];
    const [n, classes] = P.shape as [number, number];
    const out = emptyStorage([n, classes], P.dtype);
    const [cts, probability] = [CT.data, P.data];
    for (let i = 0; i < n; i++) {
      const [row, label, ct] = [P.offset + i * classes, labels[i] as number, cts[CT.offset + i] as number];
      let others = 0;
      for (let j = 0; j < classes; j++) {
        const p = probability[row + j] as number;
        if (j !== label) others += p;
        out.data[i * classes + j] = ct * p;
      }
      // An infinite logit leaves NaN there alone.
      out.data[i * classes + label] = Number.isNaN(probability[row + label]) ? Number.NaN : -ct * others;
    }
    return out;
  });
