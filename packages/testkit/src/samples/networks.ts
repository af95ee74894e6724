import {
  atan,
  type BatchNormOptions,
  batchNorm,
  batchStatistics,
  concat,
  type Matrix,
  type Rng,
  type Shape,
  slice,
  softmaxCrossEntropy,
  type Tensor,
  transpose,
  type Vector,
  vjp,
} from "@lodo/tensor";
import { elementwise, largest, type Reference, sliced, total, transposed } from "../reference/operations.ts";
import { at, build, type Plain } from "../reference/plain.ts";
import { preciseExp, preciseLog } from "../reference/precise.ts";
import type { Operation, Sample } from "../sample.ts";
import { shapes } from "./cases.ts";
import { between, type Domain, drawn, drawnApart, either, ordinary, times } from "./domain.ts";
import { huge, nearZero, tiny } from "./magnitudes.ts";

/** The numbers of a channel, the last axis. */
const channel = ({ shape, data }: Plain, c: number): readonly number[] => data.filter((_, i) => i % (shape.at(-1) ?? 1) === c);
const mean = (xs: readonly number[]): number => total(xs) / xs.length;
const variance = (xs: readonly number[]): number => mean(xs.map((x) => (x - mean(xs)) ** 2));

/** Numbers 0.3 h apart, so that no variance is below 0.02 h²: the length scale of its inverse root is a third of a standard deviation. */
const spread: Domain = { draw: () => 0, h: 1 };
const SCALE = 0.05;

/** Two passes of n additions each, and eight operations on the way; as many in the reference. */
const passes = (shape: Shape): number => 4 * shape.slice(0, -1).reduce((p, q) => p * q, 1) + 16;

const normalised =
  (eps: number): Reference =>
  (x, gamma, beta, center, spreadOf) => {
    const X = x as Plain;
    return build(X.shape, (index) => {
      const c = index.at(-1) ?? 0;
      const [μ, v] = center && spreadOf ? [at(center, [c]), at(spreadOf, [c])] : [mean(channel(X, c)), variance(channel(X, c))];
      return ((at(X, index) - μ) / Math.sqrt(v + eps)) * at(gamma as Plain, [c]) + at(beta as Plain, [c]);
    });
  };

const batchNorms = (name: string, shape: Shape, { eps }: Pick<BatchNormOptions, "eps"> = {}): Sample => ({
  name,
  inputs: (rng) => [drawnApart(rng, spread, shape), drawn(rng, ordinary, shape.slice(-1)), drawn(rng, ordinary, shape.slice(-1))],
  f: (x, gamma, beta) => batchNorm(x as Tensor, { gamma: gamma as Vector, beta: beta as Vector, ...(eps !== undefined && { eps }) }),
  reference: normalised(eps ?? 1e-5),
  h: [SCALE, 1, 1],
  roundings: passes(shape),
  coupled: true,
});

const given = (name: string, shape: Shape): Sample => {
  const vector = (rng: Rng, domain: Domain): Tensor => drawn(rng, domain, shape.slice(-1));
  return {
    name,
    inputs: (rng) => [
      drawn(rng, ordinary, shape),
      ...[ordinary, ordinary, ordinary].map((d) => vector(rng, d)),
      vector(rng, between(0.5, 2, 0.1)),
    ],
    f: (x, gamma, beta, center, spreadOf) =>
      batchNorm(x as Tensor, {
        gamma: gamma as Vector,
        beta: beta as Vector,
        statistics: { mean: center as Vector, variance: spreadOf as Vector },
      }),
    reference: normalised(1e-5),
    h: [1, 1, 1, 1, 0.1],
    roundings: 16,
    coupled: true,
  };
};

const batchNormOperation: Operation = {
  name: "batchNorm",
  samples: [
    batchNorms("rows", [4, 2]),
    batchNorms("images", [2, 2, 1, 2]),
    batchNorms("one channel", [3, 1]),
    batchNorms("without eps", [3, 2], { eps: 0 }),
    batchNorms("large eps", [3, 2], { eps: 2 }),
    given("given statistics", [3, 2]),
    given("given statistics, images", [1, 2, 2, 1]),
    given("given statistics, one row", [2]),
    given("given statistics, no rows", [0, 2]),
    {
      ...batchNorms("transposed and sliced views", [3, 2]),
      inputs: (rng) => [drawnApart(rng, spread, [2, 3]), drawn(rng, ordinary, [3]), drawn(rng, ordinary, [2])],
      f: (x, gamma, beta) =>
        batchNorm(transpose(x as Tensor), { gamma: slice(gamma as Vector, { step: [2] }), beta: beta as Vector, eps: 0.1 }),
      reference: (x, gamma, beta) => normalised(0.1)(transposed()(x as Plain), sliced([0], [3], [2])(gamma as Plain), beta as Plain),
    },
  ],
};

const statistics = (name: string, shape: Shape, domain = ordinary): Sample => ({
  name,
  inputs: (rng) => [drawn(rng, domain, shape)],
  f: (x) => {
    const of = batchStatistics(x as Tensor);
    return concat([of.mean, of.variance]);
  },
  reference: (x) => {
    const channels = Array.from({ length: shape.at(-1) ?? 0 }, (_, c) => channel(x as Plain, c));
    return { shape: [2 * channels.length], data: [...channels.map(mean), ...channels.map(variance)] };
  },
  h: domain.h,
  roundings: passes(shape),
  coupled: true,
});

const statisticsOperation: Operation = {
  name: "batchStatistics",
  samples: [
    statistics("rows", [4, 2]),
    statistics("images", [2, 2, 1, 2]),
    statistics("one row", [1, 3]),
    statistics("one vector", [3]),
    statistics("no channels", [2, 0]),
    statistics("large magnitude", [3, 2], either(between(1e60, 2e60, 1e60))),
    statistics("small magnitude", [3, 2], either(between(1e-60, 2e-60, 1e-60))),
  ],
};

const lossOf =
  (labels: readonly number[]): Reference =>
  (logits) => {
    const classes = (logits as Plain).shape[1] ?? 0;
    return build([labels.length], ([i = 0]) => {
      const row = (logits as Plain).data.slice(i * classes, (i + 1) * classes);
      const top = largest(row);
      return preciseLog(total(row.map((x) => preciseExp(x - top)))) - ((row[labels[i] ?? 0] ?? 0) - top);
    });
  };

const curved = between(-2, 2, 0.4);

/** The exponentials cost 2 ulps each, their sum a rounding for each class, then logarithm and differences. */
const losses = (name: string, labels: readonly number[], classes: number, domain: Domain = curved): Sample => ({
  name,
  inputs: (rng) => [drawn(rng, domain, [labels.length, classes])],
  f: (logits) => softmaxCrossEntropy(logits as Matrix, Int32Array.from(labels)),
  reference: lossOf(labels),
  h: domain.h,
  roundings: 16,
  coupled: true,
});

const crossEntropyOperation: Operation = {
  name: "softmaxCrossEntropy",
  samples: [
    losses("three rows", [2, 0, 2], 3),
    losses("one row", [1], 4),
    losses("two classes", [0, 1, 1, 0], 2),
    losses("one class", [0, 0], 1),
    losses("every class", [0, 1, 2], 3),
    losses("last class", [3], 4),
    losses("no rows", [], 3),
    losses("large magnitude", [1, 0], 3, between(300, 303, 0.4)),
    losses("small magnitude", [1, 0], 3, either(between(1e-9, 2e-9, 0.4))),
    losses("far apart", [0, 1, 2], 3, times(10, between(-1, 1, 0.04))),
    {
      ...losses("transposed view", [1, 0], 3),
      inputs: (rng) => [drawn(rng, curved, [3, 2])],
      f: (logits) => softmaxCrossEntropy(transpose(logits as Matrix) as Matrix, Int32Array.of(1, 0)),
      reference: (logits) => lossOf([1, 0])(transposed()(logits as Plain)),
    },
    {
      ...losses("sliced view", [1, 0], 2),
      inputs: (rng) => [drawn(rng, curved, [3, 4])],
      f: (logits) => softmaxCrossEntropy(slice(logits as Matrix, { step: [2, 2] }) as Matrix, Int32Array.of(1, 0)),
      reference: (logits) => lossOf([1, 0])(sliced([0, 0], [3, 4], [2, 2])(logits as Plain)),
    },
  ],
};

/** c/(1 + x²), reached as what arctan pulls back: three operations, and three of the reference. */
const slopes = (name: string, shape: Shape, x: Domain = between(-2, 2, 0.2), ct: Domain = ordinary): Sample => ({
  name,
  inputs: (rng) => [drawn(rng, ct, shape), drawn(rng, x, shape)],
  f: (c, z) => vjp((t: Tensor) => atan(t), z as Tensor)[1](c as Tensor) as Tensor,
  reference: elementwise((c, z) => c / (1 + z * z)),
  h: [ct.h, x.h],
  roundings: 6,
});

const atanGradientOperation: Operation = {
  name: "atanGradient",
  samples: [
    ...Object.entries(shapes).map(([name, shape]) => slopes(name, shape)),
    slopes("far out", [3], either(between(1e3, 2e3, 100))),
    slopes("near zero", [3], nearZero(0.2)),
    slopes("large cotangents", [3], between(-2, 2, 0.2), huge),
    slopes("small cotangents", [3], between(-2, 2, 0.2), tiny),
    {
      ...slopes("of itself", [4], between(-2, 2, 0.2)),
      inputs: (rng) => [drawn(rng, between(-2, 2, 0.2), [4])],
      f: (z) => vjp((t: Tensor) => atan(t), z as Tensor)[1](z as Tensor) as Tensor,
      reference: elementwise((z) => z / (1 + z * z)),
      h: 0.2,
    },
    {
      ...slopes("transposed and sliced views", [2, 3]),
      inputs: (rng) => [drawn(rng, ordinary, [3, 2]), drawn(rng, between(-2, 2, 0.2), [2, 5])],
      f: (c, z) => vjp((t: Tensor) => atan(t), slice(z as Tensor, { step: [1, 2] }))[1](transpose(c as Tensor)) as Tensor,
      reference: (c, z) => elementwise((a, b) => a / (1 + b * b))(transposed()(c as Plain), sliced([0, 0], [2, 5], [1, 2])(z as Plain)),
    },
  ],
};

/** What networks of convolutions end in, and what they are kept in range with. */
export const networkOperations: readonly Operation[] = [
  batchNormOperation,
  statisticsOperation,
  crossEntropyOperation,
  atanGradientOperation,
];
