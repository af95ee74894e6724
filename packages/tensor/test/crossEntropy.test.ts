import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { softmaxCrossEntropyGradientKernel } from "../src/backend/reference/crossEntropy.ts";
import {
  add,
  array,
  createRng,
  epsilon,
  gather,
  grad,
  hessian,
  logsumexp,
  type Matrix,
  matrix,
  normal,
  portable,
  reshape,
  scalar,
  slice,
  softmax,
  softmaxCrossEntropy,
  sub,
  sum,
  type Tensor,
  tensor,
  type Vector,
  vector,
  vjp,
  zeros,
} from "../src/index.ts";

const CLASSES = 4;

const cases = fc
  .record({
    seed: fc.integer({ min: 1, max: 2 ** 30 }),
    labels: fc.array(fc.integer({ min: 0, max: CLASSES - 1 }), { minLength: 1, maxLength: 5 }),
  })
  .map(({ seed, labels }) => ({ logits: normal(createRng(seed), [labels.length, CLASSES]) as Matrix, labels: Int32Array.from(labels) }));

/** Exponentials, their sum, a logarithm: 16 roundings of numbers below 10. */
const ROUNDING = 160 * epsilon.float64;

const gradient = (logits: Matrix, labels: Int32Array): Matrix => grad((x: Matrix) => sum(softmaxCrossEntropy(x, labels)))(logits);

describe("softmaxCrossEntropy", () => {
  it("has the gradient of the labels that it was given, whatever stands there later", () => {
    const logits = normal(createRng(3), [2, CLASSES]) as Matrix;
    const labels = Int32Array.of(0, 1);
    const expected = gradient(logits, labels.slice());
    const [, pullback] = vjp((x: Matrix) => sum(softmaxCrossEntropy(x, labels)), logits);
    labels.set([3, 2]);
    expect(array(pullback(scalar(1)))).toEqual(array(expected));
  });

  it("is logsumexp less the logit of the label", () => {
    fc.assert(
      fc.property(cases, ({ logits, labels }) => {
        const picked = gather(
          reshape(logits, [logits.size]) as Vector,
          labels.map((label, i) => i * CLASSES + label),
        );
        const expected = array(sub(logsumexp(logits, { axes: 1 }) as Tensor, picked));
        array(softmaxCrossEntropy(logits, labels)).forEach((loss, i) => {
          expect(Math.abs(loss - (expected[i] as number))).toBeLessThanOrEqual(ROUNDING);
        });
      }),
    );
  });

  it("has the gradient softmax less one-hot, whose rows sum to zero", () => {
    fc.assert(
      fc.property(cases, ({ logits, labels }) => {
        const [g, p] = [array(gradient(logits, labels)), array(softmax(logits))];
        g.forEach((v, at) => {
          const hot = labels[Math.floor(at / CLASSES)] === at % CLASSES ? 1 : 0;
          expect(Math.abs(v - ((p[at] as number) - hot))).toBeLessThanOrEqual(ROUNDING);
        });
        for (const total of array(sum(gradient(logits, labels), { axes: 1 }))) {
          expect(Math.abs(total)).toBeLessThanOrEqual(CLASSES * epsilon.float64);
        }
      }),
    );
  });

  it("does not see what is added to all logits of a row", () => {
    const logits = matrix([[0.5, -1, 2]]);
    for (const c of [1024, -(2 ** 20)]) {
      expect(array(softmaxCrossEntropy(add(logits, c), Int32Array.of(1)))).toEqual(array(softmaxCrossEntropy(logits, Int32Array.of(1))));
    }
  });

  it("of equal logits is ln c", () => {
    for (const c of [1, 2, 10])
      expect(array(softmaxCrossEntropy(zeros([1, c]), Int32Array.of(c - 1)))).toEqual(Float64Array.of(portable.log(c)));
  });

  // e⁻ᵃ/(1 + e⁻ᵃ) is the logistic function of −a: p − 1 would be 0 from a = 37 on.
  it("keeps the slope where the label is all but certain", () => {
    for (const a of [10, 30, 40]) {
      const [toLabel, toOther] = array(gradient(matrix([[a, 0]]), Int32Array.of(0))) as Float64Array & [number, number];
      expect(toLabel / -portable.sigmoid(-a)).toBeCloseTo(1, 14);
      expect(toOther / portable.sigmoid(-a)).toBeCloseTo(1, 14);
    }
  });

  it("takes a cotangent that lies anywhere in memory", () => {
    fc.assert(
      fc.property(cases, ({ logits, labels }) => {
        const [, pullback] = vjp((x: Matrix) => softmaxCrossEntropy(x, labels), logits);
        const n = labels.length;
        const wide = vector(Float64Array.from({ length: 2 * n + 1 }, (_, i) => i / 8));
        for (const step of [1, 2]) {
          const ct = slice(wide, { start: [1], stop: [1 + n * step], step: [step] });
          expect(array(pullback(ct))).toEqual(array(pullback(vector(array(ct)))));
        }
      }),
    );
  });

  it("has a gradient kernel that takes probabilities anywhere in memory", () => {
    const kernel = softmaxCrossEntropyGradientKernel.reference;
    const rows = softmax(normal(createRng(5), [4, CLASSES]) as Matrix);
    const [ct, labels] = [vector([0.5, -2]).storage, Int32Array.of(3, 1)];
    const inner = slice(rows, { start: [1, 0], stop: [3, CLASSES] });
    const copied = tensor(array(inner), [2, CLASSES]);
    expect(kernel(ct, inner.storage, labels).data).toEqual(kernel(ct, copied.storage, labels).data);
  });

  it("has the Hessian diag p − p pᵀ", () => {
    const x = vector([0.3, -0.7, 1.1]);
    const H = array(hessian((z: Vector) => sum(softmaxCrossEntropy(reshape(z, [1, 3]), Int32Array.of(2))))(x));
    const p = array(softmax(x));
    H.forEach((v, at) => {
      const [i, j] = [Math.floor(at / 3), at % 3];
      const expected = (i === j ? (p[i] as number) : 0) - (p[i] as number) * (p[j] as number);
      expect(Math.abs(v - expected)).toBeLessThanOrEqual(ROUNDING);
    });
  });
});
