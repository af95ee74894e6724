import { type DType, epsilon, type Strided } from "@lodo/tensor";
import fc from "fast-check";
import { expect, it } from "vitest";
import { absolute, draws, expectWithin, gamma, here, laid, numbers, reference } from "./agreement.ts";
import { dtypes, lies } from "./geometries.ts";

interface CrossEntropy {
  readonly out: Strided;
  readonly saved: Strided;
}

const shapes = fc.record({ n: fc.nat({ max: 6 }), classes: fc.oneof(fc.integer({ min: 1, max: 21 }), fc.constantFrom(64, 256)) });

const labelsOf = (n: number, classes: number, next: () => number): Int32Array =>
  Int32Array.from({ length: n }, () => Math.floor(((next() + 1) / 2) * classes));

/** What assembly/exponential.ts keeps within, 1.5 units in the last place, in unit roundoffs. */
const EXPONENTIAL = 3;

it("softmaxCrossEntropy agrees with its reference within the error of its exponentials", () => {
  fc.assert(
    fc.property(shapes, dtypes, lies, fc.constantFrom(1, 10, 80), fc.integer(), ({ n, classes }, dtype, lie, size, seed) => {
      const next = draws(seed);
      const logits = laid([n, classes], dtype, () => size * next(), lie);
      const labels = labelsOf(n, classes, next);
      const actual = here("softmaxCrossEntropy")(logits, labels) as CrossEntropy;
      const expected = reference("softmaxCrossEntropy")(logits, labels) as CrossEntropy;
      const [x, p, q] = [numbers(logits), numbers(actual.saved), numbers(expected.saved)];
      const [losses, references] = [numbers(actual.out), numbers(expected.out)];
      const u = epsilon[dtype] / 2;
      for (let i = 0; i < n; i++) {
        const row = Array.from(x.subarray(i * classes, (i + 1) * classes));
        const top = Math.max(...row);
        // x − top is rounded, by at most u (top − x), and so is the power; then the exponential. Of the sum that is the mean under q.
        const ofPower = row.map((v) => (EXPONENTIAL + (top - v)) * u);
        const ofSum = ofPower.reduce((sum, e, j) => sum + e * (q[i * classes + j] as number), 0);
        for (let j = 0; j < classes; j++) {
          // Three roundings: the sum to float32, the quotient, the reference. 2⁻¹⁴⁸: below 2⁻¹²⁶ numbers are that far apart, and twice rounded.
          const allowed = 1.001 * ((ofPower[j] as number) + ofSum + 3 * u) * (q[i * classes + j] as number) + 2 ** -148;
          expect(Math.abs((p[i * classes + j] as number) - (q[i * classes + j] as number))).toBeLessThanOrEqual(allowed);
        }
        // The loss is rounded here and there; its logarithm moves as its argument does, relatively. The largest power is 1 exactly, or nearly so.
        const allowed = 1.001 * (ofSum + 2 * u * Math.abs(references[i] as number));
        expect(Math.abs((losses[i] as number) - (references[i] as number))).toBeLessThanOrEqual(allowed);
      }
    }),
    { numRuns: 300 },
  );
});

it("softmaxCrossEntropy of what is not finite is the reference's, and a small loss keeps its digits", () => {
  const { POSITIVE_INFINITY: inf, NaN: nan } = Number;
  const rows = [
    [-inf, -inf, -inf, -inf, -inf],
    [inf, 0, 1, -inf, 2],
    [nan, 0, 1, 2, 3],
    [0, 1, -inf, 2, nan],
    [1, 2, -inf, 3, -inf],
    [inf, inf, 0, 0, 0],
  ];
  for (const row of rows) {
    for (let label = 0; label < row.length; label++) {
      const logits = laid([1, 5], "float32", values(row), { heaped: true, reversed: false });
      const [actual, expected] = ["here", "reference"].map(
        (where) => (where === "here" ? here : reference)("softmaxCrossEntropy")(logits, Int32Array.of(label)) as CrossEntropy,
      ) as [CrossEntropy, CrossEntropy];
      const kind = (x: number): number => (Number.isFinite(x) ? 0 : x);
      expect(Array.from(numbers(actual.saved), kind)).toEqual(Array.from(numbers(expected.saved), kind));
      expect(Array.from(numbers(actual.out), kind)).toEqual(Array.from(numbers(expected.out), kind));
    }
  }
  // ln(1 + 4 e⁻²⁰): 1 + 4 e⁻²⁰ in float32 is 1.
  const sure = laid([1, 5], "float32", values([20, 0, 0, 0, 0]), { heaped: true, reversed: false });
  const loss = (here("softmaxCrossEntropy")(sure, Int32Array.of(0)) as CrossEntropy).out.data[0] as number;
  const exact = (reference("softmaxCrossEntropy")(sure, Int32Array.of(0)) as CrossEntropy).out.data[0] as number;
  expect(Math.abs(loss - exact)).toBeLessThanOrEqual((EXPONENTIAL + 2) * 2 ** -24 * exact);
});

const values = (row: readonly number[]): (() => number) => {
  let i = 0;
  return () => row[i++] as number;
};

it("softmaxCrossEntropyGradient agrees with its reference within the error of its sums", () => {
  fc.assert(
    fc.property(shapes, dtypes, lies, lies, fc.integer(), ({ n, classes }, dtype: DType, lie, other, seed) => {
      const next = draws(seed);
      const [ct, p] = [laid([n], dtype, next, { ...lie, reversed: false }), laid([n, classes], dtype, next, other)];
      const labels = labelsOf(n, classes, next);
      const expected = reference("softmaxCrossEntropyGradient")(ct, p, labels) as Strided;
      const scale = absolute(reference("softmaxCrossEntropyGradient")(absolute(ct), absolute(p), labels));
      expectWithin(here("softmaxCrossEntropyGradient")(ct, p, labels), expected, gamma(classes + 2, dtype), scale);
    }),
    { numRuns: 300 },
  );
});
