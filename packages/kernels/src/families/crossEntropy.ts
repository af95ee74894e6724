import { type DType, emptyStorage, portable, type Strided } from "@lodo/tensor";
import { pick, type WasmFunction } from "../exports.ts";
import type { Frame, Machine } from "../machine.ts";
import { referenceOf } from "../reference.ts";

/** As the reference declares it. */
interface SoftmaxCrossEntropy {
  readonly out: Strided;
  readonly saved: Strided;
}
type Forward = (logits: Strided, labels: Int32Array) => SoftmaxCrossEntropy;

/** A row in whole vectors is at most so much longer. */
const VECTOR_BYTES = 16;

/**
 * Cross-entropy of float32 with exponentials in vectors; float64, whose exponentials are scalar, by the reference. Its gradient in both. Logarithms, one
 * a row, are the reference's.
 */
export function crossEntropyKernels(machine: Machine): Record<string, (...args: never) => unknown> {
  const softmaxRows = machine.exports["softmaxRows_f32"] as WasmFunction;
  const gradient = pick(machine.exports, "crossEntropyGradient");
  const reference = referenceOf<Forward>("softmaxCrossEntropy");
  const numbersAt = (at: number, n: number): Float64Array => new Float64Array(machine.heap.buffer, at, n);
  const labelsAt = (frame: Frame, labels: Int32Array): number => {
    const at = frame.scratch(labels.byteLength);
    new Int32Array(machine.heap.buffer, at, labels.length).set(labels);
    return at;
  };
  return {
    softmaxCrossEntropy(logits: Strided, labels: Int32Array): SoftmaxCrossEntropy {
      if (logits.dtype !== "float32") return reference(logits, labels);
      const [n, classes] = logits.shape as [number, number];
      const [out, saved] = [emptyStorage([n], "float32"), emptyStorage([n, classes], "float32")];
      machine.call((frame) => {
        const [x, p] = [frame.dense(logits), frame.result(saved)];
        const [shiftsAt, sumsAt] = [frame.scratch(8 * n), frame.scratch(8 * n)];
        softmaxRows(x, classes, p, shiftsAt, sumsAt, frame.scratch(4 * classes + VECTOR_BYTES), 0, n);
        const [shifts, sums] = [numbersAt(shiftsAt, n), numbersAt(sumsAt, n)];
        const numbers = new Float32Array(machine.heap.buffer, x, n * classes);
        for (let i = 0; i < n; i++) {
          const atLabel = numbers[i * classes + (labels[i] as number)] as number;
          out.data[i] = portable.log(sums[i] as number) - (atLabel - (shifts[i] as number));
        }
      });
      return { out, saved };
    },

    softmaxCrossEntropyGradient(ct: Strided, probabilities: Strided, labels: Int32Array): Strided {
      const [n, classes] = probabilities.shape as [number, number];
      const dtype = probabilities.dtype as DType;
      const out = emptyStorage([n, classes], dtype);
      machine.call((frame) => {
        const [cts, p, to] = [frame.dense(ct), frame.dense(probabilities), frame.result(out)];
        gradient[dtype](cts, p, labelsAt(frame, labels), classes, to, 0, n);
      });
      return out;
    },
  };
}
