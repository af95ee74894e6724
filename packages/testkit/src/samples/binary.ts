import {
  add,
  type BinaryOp,
  div,
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  maximum,
  minimum,
  mul,
  pow,
  type Relation,
  type Shape,
  slice,
  sub,
  type Tensor,
  transpose,
} from "@lodo/tensor";
import { elementwise, sliced, transposed } from "../reference/operations.ts";
import type { Plain } from "../reference/plain.ts";
import { precisePow } from "../reference/precise.ts";
import type { Operation, Sample } from "../sample.ts";
import { one } from "./cases.ts";
import { between, type Domain, drawn, either, ordinary, times, tying } from "./domain.ts";
import { huge, tiny, ULPS } from "./magnitudes.ts";

interface BinarySpec {
  readonly f: BinaryOp | Relation;
  readonly reference: (x: number, y: number) => number;
  readonly x: Domain;
  readonly y: Domain;
  readonly large: readonly [Domain, Domain];
  readonly small: readonly [Domain, Domain];
  readonly roundings: number;
  /** A domain in which x ↦ f(x, x) is differentiable; none for a relation, which jumps there. */
  readonly both?: Domain;
  /** What the plain number in `f(x, c)` and `f(c, y)` is. */
  readonly number: number;
  /** Whether x = y is a case of its own. */
  readonly ties?: boolean;
}

const pairs: Readonly<Record<string, readonly [Shape, Shape]>> = {
  "scalar, scalar": [[], []],
  "vector, vector": [[3], [3]],
  "matrix, matrix": [
    [2, 2],
    [2, 2],
  ],
  "rank 4, rank 4": [
    [2, 1, 2, 1],
    [2, 1, 2, 1],
  ],
  "scalar, vector": [[], [3]],
  "vector, scalar": [[3], []],
  "vector, matrix": [[3], [2, 3]],
  "matrix, vector": [[2, 3], [3]],
  "column, row": [
    [2, 1],
    [1, 3],
  ],
  "row, column": [
    [1, 3],
    [2, 1],
  ],
  "rank 4, rank 3": [
    [2, 1, 2, 1],
    [2, 1, 2],
  ],
  "no elements": [[0], [0]],
  "one element, no elements": [[1], [0]],
  "matrix without columns, column": [
    [2, 0],
    [2, 1],
  ],
};

function binary(name: string, { f, reference, x, y, large, small, roundings, both, number, ties = false }: BinarySpec): Operation {
  const op = f as BinaryOp;
  const plain = elementwise(reference);
  const two = (sample: string, shapes: readonly [Shape, Shape], [a, b]: readonly [Domain, Domain] = [x, y]): Sample => ({
    name: sample,
    inputs: (rng) => [drawn(rng, a, shapes[0]), drawn(rng, b, shapes[1])],
    f: (p, q) => op(p as Tensor, q as Tensor),
    reference: plain,
    h: [a.h, b.h],
    roundings,
    elementwise: true,
  });
  const shared = both ?? x;
  return {
    name,
    samples: [
      ...Object.entries(pairs).map(([sample, shapes]) => two(sample, shapes)),
      two("large magnitude", [[3], [3]], large),
      two("small magnitude", [[3], [3]], small),
      one("number on the right", [3], x, { f: (p) => op(p, number), reference: elementwise((a) => reference(a, number)), roundings }),
      one("number on the left", [3], y, { f: (q) => op(number, q), reference: elementwise((b) => reference(number, b)), roundings }),
      one("same tensor twice", [2, 2], shared, {
        f: (p) => op(p, p),
        reference: elementwise((a) => reference(a, a)),
        roundings,
        kink: both === undefined,
      }),
      {
        ...two("transposed and sliced views", [
          [3, 2],
          [2, 5],
        ]),
        elementwise: false,
        f: (p, q) => op(transpose(p as Tensor), slice(q as Tensor, { step: [1, 2] })),
        reference: (p, q) => plain(transposed()(p as Plain), sliced([0, 0], [2, 5], [1, 2])(q as Plain)),
      },
      ...(ties ? [{ ...two("ties", [[4], [4]], [tying, tying]), kink: true }] : []),
    ],
  };
}

/** x on whole numbers, y between them: never equal. */
const even: Domain = { draw: (rng) => rng.integer(9) - 4, h: 1 };
const odd: Domain = { draw: (rng) => rng.integer(9) - 3.5, h: 1 };
const linear = { x: ordinary, y: ordinary, large: [huge, huge], small: [tiny, tiny], both: ordinary, roundings: 0, number: 0.5 } as const;
const ordered = {
  x: even,
  y: odd,
  large: [times(1e100, even), times(1e100, odd)],
  small: [times(1e-100, even), times(1e-100, odd)],
  roundings: 0,
  number: 0.25,
  ties: true,
} as const;

const nonzero = either(between(0.5, 2, 0.15));
const base = between(0.5, 2, 0.1);
const exponent = between(-2, 3, 0.4);

/** Elementwise functions of two tensors, broadcasting. */
export const binaries: readonly Operation[] = [
  binary("add", { ...linear, f: add, reference: (x, y) => x + y }),
  binary("sub", { ...linear, f: sub, reference: (x, y) => x - y }),
  binary("mul", { ...linear, f: mul, reference: (x, y) => x * y }),
  binary("div", {
    ...linear,
    f: div,
    reference: (x, y) => x / y,
    y: nonzero,
    both: nonzero,
    large: [huge, either(between(1e50, 2e50, 1.5e49))],
    small: [tiny, either(between(1e-50, 2e-50, 1.5e-51))],
  }),
  binary("pow", {
    f: pow,
    reference: (x, y) => (x > 0 ? precisePow(x, y) : x ** y),
    x: base,
    y: exponent,
    both: base,
    large: [between(20, 30, 3), between(8, 10, 0.1)],
    small: [between(1e-3, 2e-3, 1e-4), between(0.5, 1, 0.05)],
    roundings: ULPS,
    number: 2,
  }),
  binary("maximum", { ...ordered, f: maximum, reference: (x, y) => Math.max(x, y), both: ordinary }),
  binary("minimum", { ...ordered, f: minimum, reference: (x, y) => Math.min(x, y), both: ordinary }),
  binary("greater", { ...ordered, f: greater, reference: (x, y) => Number(x > y) }),
  binary("greaterEqual", { ...ordered, f: greaterEqual, reference: (x, y) => Number(x >= y) }),
  binary("equal", { ...ordered, f: equal, reference: (x, y) => Number(x === y) }),
  binary("less", { ...ordered, f: less, reference: (x, y) => Number(x < y) }),
  binary("lessEqual", { ...ordered, f: lessEqual, reference: (x, y) => Number(x <= y) }),
];
