import {
  logSoftmax,
  logsumexp,
  max,
  mean,
  min,
  norm,
  type Reduce,
  type ReduceOptions,
  reshape,
  type Shape,
  softmax,
  sum,
  type Tensor,
  transpose,
} from "@lodo/tensor";
import { alongAxis, largest, type Reference, reduced, total, transposed } from "../reference/operations.ts";
import type { Plain } from "../reference/plain.ts";
import { preciseExp, preciseLog } from "../reference/precise.ts";
import type { Operation, Sample } from "../sample.ts";
import { one, throughViews } from "./cases.ts";
import { between, type Domain, drawn, drawnApart, either, ordinary, times, tying } from "./domain.ts";

interface ReductionSpec {
  readonly f: Reduce;
  readonly reference: (xs: readonly number[]) => number;
  readonly domain: Domain;
  readonly large: Domain;
  readonly small: Domain;
  readonly roundings: number;
  /** Whether the reduction has a value over no elements. */
  readonly empty: boolean;
  /** Draw numbers that are apart: the reduction has kinks where they tie. */
  readonly kinks?: boolean;
}

const axesCases: Readonly<Record<string, readonly [Shape, ReduceOptions]>> = {
  scalar: [[], {}],
  vector: [[5], {}],
  "one element": [[1], {}],
  "matrix, all": [[2, 3], {}],
  "matrix, rows": [[2, 3], { axes: 0 }],
  "matrix, last axis kept": [[2, 3], { axes: -1, keepdims: true }],
  "matrix, no axes": [[2, 2], { axes: [] }],
  "rank 4, all": [[2, 1, 2, 2], {}],
  "rank 4, two axes": [[2, 2, 1, 3], { axes: [-1, 0] }],
  "rank 4, two axes kept": [[2, 2, 1, 2], { axes: [1, 2], keepdims: true }],
  "no slices": [[0, 3], { axes: 1 }],
};

function reduction(name: string, { f, reference, domain, large, small, roundings, empty, kinks }: ReductionSpec): Operation {
  const draw = kinks ? drawnApart : drawn;
  const over = (options: ReduceOptions) => ({ f: (x: Tensor) => f(x, options), reference: reduced(reference, options), roundings });
  return {
    name,
    samples: [
      ...Object.entries(axesCases).map(([sample, [shape, options]]) => one(sample, shape, domain, over(options), draw)),
      ...throughViews(domain, over({ axes: 0 }), draw).filter((s) => !kinks || s.name !== "broadcast view"),
      one("large magnitude", [4], large, over({}), draw),
      one("small magnitude", [4], small, over({}), draw),
      ...(empty ? [one("no elements", [0], domain, over({})), one("rows of no elements", [2, 0], domain, over({ axes: 1 }))] : []),
      ...(kinks ? [{ ...one("ties", [2, 4], tying, over({ axes: 1 })), kink: true }] : []),
    ],
  };
}

const huge = either(between(1e100, 2e100, 1e100));
const tiny = either(between(1e-100, 2e-100, 1e-100));

/** Σ of up to eight numbers: seven additions, and seven of the reference. */
const linear = { domain: ordinary, large: huge, small: tiny, roundings: 14 } as const;

const logSumExp = (xs: readonly number[]): number => {
  const top = largest(xs);
  return top + preciseLog(total(xs.map((x) => preciseExp(x - top))));
};

/** The exponentials cost 2 ulps each, their sum 7 roundings, then logarithm, quotient and shift. */
const EXPONENTIAL = 16;
const exponential = { domain: between(-2, 2, 0.4), large: between(300, 303, 0.4), small: either(between(1e-9, 2e-9, 0.4)) } as const;

const reductions: readonly Operation[] = [
  reduction("sum", { ...linear, f: sum, reference: total, empty: true }),
  reduction("mean", { ...linear, roundings: 16, f: mean, reference: (xs) => total(xs) / xs.length, empty: false }),
  reduction("max", { ...linear, roundings: 0, f: max, reference: largest, empty: false, kinks: true }),
  reduction("min", { ...linear, roundings: 0, f: min, reference: (xs) => -largest(xs.map((x) => -x)), empty: false, kinks: true }),
  reduction("logsumexp", { ...exponential, f: logsumexp, reference: logSumExp, roundings: EXPONENTIAL, empty: false }),
  reduction("norm", {
    f: norm,
    reference: (xs) => Math.sqrt(total(xs.map((x) => x * x))),
    domain: either(between(0.5, 2, 0.1)),
    large: either(between(1e70, 2e70, 1e69)),
    small: either(between(1e-70, 2e-70, 1e-71)),
    roundings: 18,
    empty: true,
  }),
];

/** Softmax and its logarithm: a distribution along one axis. */
function distribution(
  name: string,
  f: (x: Tensor, axis?: number) => Tensor,
  line: (xs: readonly number[], i: number) => number,
): Operation {
  const { domain, large, small } = exponential;
  const along = (axis?: number) => ({
    f: (x: Tensor) => f(x, axis),
    reference: alongAxis(line, axis),
    roundings: EXPONENTIAL,
    coupled: true,
  });
  const shared: Sample = {
    ...one("transposed and reshaped", [2, 6], domain, along()),
    f: (x) => f(reshape(transpose(x as Tensor), [3, 4])),
    reference: (x): Plain => (alongAxis(line) as Reference)({ shape: [3, 4], data: transposed()(x as Plain).data }),
  };
  return {
    name,
    samples: [
      one("vector", [4], domain, along()),
      one("one element", [1], domain, along()),
      one("matrix, rows", [2, 3], domain, along()),
      one("matrix, columns", [2, 3], domain, along(0)),
      one("rank 4", [2, 1, 2, 2], domain, along(-2)),
      one("rank 4, first axis", [2, 1, 2, 2], domain, along(0)),
      one("no slices", [0, 3], domain, along()),
      ...throughViews(domain, along()),
      shared,
      one("large magnitude", [4], large, along()),
      one("small magnitude", [4], small, along()),
      one("far apart", [3], times(10, between(-1, 1, 0.04)), along()),
    ],
  };
}

export const reductionOperations: readonly Operation[] = [
  ...reductions,
  distribution(
    "softmax",
    (x, axis) => softmax(x, axis === undefined ? {} : { axis }),
    (xs, i) => preciseExp((xs[i] ?? 0) - logSumExp(xs)),
  ),
  distribution(
    "logSoftmax",
    (x, axis) => logSoftmax(x, axis === undefined ? {} : { axis }),
    (xs, i) => (xs[i] ?? 0) - logSumExp(xs),
  ),
];
