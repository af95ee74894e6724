import { epsilon, type Tensor, tensor, vjp } from "@lodo/tensor";
import { expectClose, expectSameBits } from "../counterexample.ts";
import { jacobianRows, numbers, weights } from "../derivatives.ts";
import type { Law } from "../law.ts";
import { atBroadcast, broadcastOf, indices, repeated, toPlain } from "../reference/plain.ts";
import type { Sample } from "../sample.ts";

const cotangents = (f: Sample["f"], xs: readonly Tensor[]): readonly Float64Array[] => {
  const [y, pullback] = vjp((zs: readonly Tensor[]) => f(...zs), xs);
  return pullback(weights(y)).map(numbers);
};

/**
 * Operands that broadcast give the bits of operands written out, and a cotangent that sums those of the copies. Sums of n terms in different
 * orders agree to n ε Σ |term|.
 */
export const broadcastingLaw: Law<Sample> = {
  name: "broadcasting equals explicit repetition",
  check: (sample, rng) => {
    if (!sample.elementwise) return 0;
    const xs = sample.inputs(rng);
    const shape = broadcastOf(...xs.map((x) => x.shape));
    const copies = xs.map((x) => tensor(repeated(toPlain(x), shape).data, shape));
    expectSameBits(`${sample.name} of repeated operands`, numbers(sample.f(...copies)), numbers(sample.f(...xs)));
    const ofCopies = cotangents(sample.f, copies);
    cotangents(sample.f, xs).forEach((got, k) => {
      const x = xs[k] as Tensor;
      const source = { shape: x.shape, data: Array.from({ length: x.size }, (_, i) => i) };
      const sums = Array.from({ length: x.size }, () => ({ value: 0, terms: 0 }));
      indices(shape).forEach((i, flat) => {
        const sum = sums[atBroadcast(source, i)];
        const term = ofCopies[k]?.[flat] ?? Number.NaN;
        if (sum) {
          sum.value += term;
          sum.terms += Math.abs(term);
        }
      });
      sums.forEach(({ value, terms }, i) => {
        const bound = numbers(copies[0] as Tensor).length * epsilon.float64 * terms;
        expectClose(`cotangent ${k}[${i}] of ${sample.name}`, got[i] ?? Number.NaN, value, bound);
      });
    });
    return xs.length;
  },
};

/** The derivative of x ↦ f(x, x) is the sum of the two partial derivatives at (x, x): one addition, so the tolerance is that of one. */
export const sharedOperandLaw: Law<Sample> = {
  name: "the derivative of f(x, x) is the sum of its partial derivatives",
  check: (sample, rng) => {
    const [x, y, ...rest] = sample.inputs(rng);
    if (!x || !y || rest.length > 0 || sample.held || x.shape.join() !== y.shape.join()) return 0;
    const copy = tensor(numbers(x), x.shape);
    const [first, second] = cotangents(sample.f, [x, copy]) as [Float64Array, Float64Array];
    const [both] = cotangents((z) => sample.f(z as Tensor, z as Tensor), [x]) as [Float64Array];
    const J = jacobianRows(sample, [x, copy]);
    both.forEach((got, i) => {
      const [a, b] = [first[i] ?? Number.NaN, second[i] ?? Number.NaN];
      const terms = J.reduce((s, row) => s + 2 * (Math.abs(row[i] ?? 0) + Math.abs(row[i + x.size] ?? 0)), 0);
      expectClose(`derivative of ${sample.name} (x, x) at ${i}`, got, a + b, (J.length + 4) * epsilon.float64 * terms);
    });
    return both.length;
  },
};
