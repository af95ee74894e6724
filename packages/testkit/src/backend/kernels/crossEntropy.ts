import { type DType, epsilon, type Strided } from "@lodo/tensor";
import { type Arbitrary, array, constantFrom, integer, record, tuple } from "fast-check";
import { extent, gamma } from "../extents.ts";
import { arraysIn, inFloat64, type KernelCases, numbersIn, reference } from "../kernelCases.ts";
import { dtypes, type numbersOf, viewOf } from "../views.ts";

interface Batch {
  readonly n: number;
  readonly classes: number;
  readonly dtype: DType;
  readonly numbers: keyof typeof numbersOf;
  readonly labels: Int32Array;
}

const batches = (...kinds: readonly (keyof typeof numbersOf)[]): Arbitrary<Batch> =>
  record({ n: extent(9), classes: extent(40).map((classes) => classes + 1), dtype: dtypes, numbers: constantFrom(...kinds) }).chain(
    (batch) =>
      array(integer({ min: 0, max: batch.classes - 1 }), { minLength: batch.n, maxLength: batch.n }).map((labels) => ({
        ...batch,
        labels: Int32Array.from(labels),
      })),
  );

/** What an exponential may be from the true one, in unit roundoffs: two units in the last place. */
const EXPONENTIAL = 4;

/**
 * xⱼ − top is rounded, by at most u (top − xⱼ), and its exponential then has that relative error and its own; the sum has the mean of these under the
 * probabilities, and the error of adding up. The logarithm turns the sum's relative error into an absolute one.
 */
function withinExponentials([logits]: readonly unknown[], [losses, probabilities]: readonly ArrayLike<number>[]): readonly Float64Array[] {
  const { dtype, shape } = logits as Strided;
  const [n, classes] = shape as [number, number];
  const u = epsilon[dtype as DType] / 2;
  const smallest = dtype === "float32" ? 2 ** -149 : 2 ** -1074;
  const x = numbersIn(logits as Strided);
  const near = [new Float64Array(n), new Float64Array(n * classes)] as const;
  for (let i = 0; i < n; i++) {
    const row = x.subarray(i * classes, (i + 1) * classes);
    const p = Array.from({ length: classes }, (_, j) => probabilities?.[i * classes + j] as number);
    const top = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const ofPower = Array.from(row, (v) => (v === Number.NEGATIVE_INFINITY ? 0 : u * (EXPONENTIAL + top - v)));
    const ofSum = ofPower.reduce((sum, e, j) => sum + e * (p[j] as number), gamma(classes, dtype as DType));
    // Rounded: the quotient, and once here and there; second orders within the factor.
    near[0][i] = 1.001 * (ofSum + 4 * u * (Math.abs(losses?.[i] as number) + 1));
    p.forEach((v, j) => {
      near[1][i * classes + j] = 1.001 * ((ofPower[j] as number) + ofSum + 4 * u) * v + 2 * smallest;
    });
  }
  return near;
}

export const crossEntropyCases: readonly KernelCases[] = [
  {
    kernel: "softmaxCrossEntropy",
    calls: batches("ordinary", "tens", "nonfinite").chain(({ n, classes, dtype, numbers, labels }) =>
      viewOf([n, classes], { dtype, numbers }).map((logits) => [logits, labels]),
    ),
    tolerance: withinExponentials,
  },
  {
    kernel: "softmaxCrossEntropyGradient",
    calls: batches("positive", "nonfinite").chain(({ n, classes, dtype, numbers, labels }) =>
      tuple(viewOf([n], { dtype, numbers }), viewOf([n, classes], { dtype, numbers })).map((views) => [...views, labels]),
    ),
    // At the label a sum of c − 1 terms and a product, and the reference's roundings.
    tolerance: (args) => {
      const { dtype, shape } = args[1] as Strided;
      const bound = gamma((shape[1] as number) + 1, dtype as DType);
      const sizes = arraysIn(reference("softmaxCrossEntropyGradient")(...inFloat64(args, Math.abs)));
      return sizes.map((size) => Float64Array.from(size, (s) => 2 * bound * Math.abs(s)));
    },
  },
];
