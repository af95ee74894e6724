import {
  abs,
  add,
  atan,
  type BinaryOp,
  cast,
  clip,
  cos,
  div,
  equal,
  exp,
  greater,
  greaterEqual,
  less,
  lessEqual,
  log,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  type Relation,
  type Rng,
  type Shape,
  scale,
  sigmoid,
  sign,
  sin,
  slice,
  sqrt,
  stopGradient,
  sub,
  type Tensor,
  tanh,
  tensor,
  transpose,
  type UnaryOp,
  where,
} from "@lodo/tensor";
import { elementwise, sliced, transposed } from "../reference/operations.ts";
import type { Plain } from "../reference/plain.ts";
import {
  preciseAtan,
  preciseCos,
  preciseExp,
  preciseLog,
  precisePow,
  preciseSigmoid,
  preciseSin,
  preciseTanh,
} from "../reference/precise.ts";
import type { Operation, Sample } from "../sample.ts";
import { one, shapes, throughViews } from "./cases.ts";
import { between, type Domain, drawn, dyadic, either, ordinary, times, tying } from "./domain.ts";

interface UnarySpec {
  readonly f: UnaryOp;
  readonly reference: (x: number) => number;
  readonly domain: Domain;
  readonly large: Domain;
  readonly small: Domain;
  readonly roundings: number;
  readonly held?: readonly number[];
}

function unary(name: string, { f, reference, domain, large, small, roundings, held }: UnarySpec): Operation {
  const of = { f, reference: elementwise(reference), roundings, ...(held && { held }) };
  return {
    name,
    samples: [
      ...Object.entries(shapes).map(([shape, extents]) => one(shape, extents, domain, of)),
      ...throughViews(domain, of),
      one("large magnitude", [3], large, of),
      one("small magnitude", [3], small, of),
    ],
  };
}

const huge = either(between(1e100, 2e100, 1e99));
const tiny = either(between(1e-100, 2e-100, 1e-101));
/** Small where the function is analytic at 0: the length scale is that of the function. */
const nearZero = (h: number): Domain => either(between(1e-9, 2e-9, h));
const positive = between(0.5, 3, 0.15);
const hugePositive = between(1e100, 2e100, 3e99);
const tinyPositive = between(1e-100, 2e-100, 3e-101);

/** ≤ 1 ulp each for exp, log, sin, cos, atan (FDLIBM's own bounds) and 2 for tanh and the logistic function, and a half for the reference. */
const ULPS = 2;

const unaries: readonly Operation[] = [
  unary("neg", { f: neg, reference: (x) => -x, domain: ordinary, large: huge, small: tiny, roundings: 0 }),
  unary("abs", { f: abs, reference: (x) => (x < 0 ? -x : x), domain: ordinary, large: huge, small: tiny, roundings: 0 }),
  unary("sign", { f: sign, reference: (x) => (x < 0 ? -1 : 1), domain: ordinary, large: huge, small: tiny, roundings: 0 }),
  unary("stopGradient", { f: stopGradient, reference: (x) => x, domain: ordinary, large: huge, small: tiny, roundings: 0, held: [0] }),
  unary("scale", { f: (x) => scale(-0.75, x), reference: (x) => -0.75 * x, domain: ordinary, large: huge, small: tiny, roundings: 0 }),
  unary("sqrt", { f: sqrt, reference: Math.sqrt, domain: positive, large: hugePositive, small: tinyPositive, roundings: 0 }),
  unary("exp", {
    f: exp,
    reference: preciseExp,
    domain: between(-2, 2, 1),
    large: between(20, 30, 1),
    small: nearZero(1),
    roundings: ULPS,
  }),
  unary("log", { f: log, reference: preciseLog, domain: positive, large: hugePositive, small: tinyPositive, roundings: ULPS }),
  unary("tanh", {
    f: tanh,
    reference: preciseTanh,
    domain: between(-2, 2, 0.25),
    large: either(between(6, 12, 0.25)),
    small: nearZero(0.25),
    roundings: ULPS,
  }),
  unary("sigmoid", {
    f: sigmoid,
    reference: preciseSigmoid,
    domain: between(-3, 3, 0.5),
    large: either(between(10, 20, 0.5)),
    small: nearZero(0.5),
    roundings: ULPS,
  }),
  unary("atan", {
    f: atan,
    reference: preciseAtan,
    domain: between(-2, 2, 0.2),
    large: either(between(1e3, 2e3, 300)),
    small: nearZero(0.2),
    roundings: ULPS,
  }),
  unary("sin", {
    f: sin,
    reference: preciseSin,
    domain: between(-4, 4, 0.5),
    large: either(between(100, 1000, 0.5)),
    small: nearZero(0.5),
    roundings: ULPS,
  }),
  unary("cos", {
    f: cos,
    reference: preciseCos,
    domain: between(-4, 4, 0.5),
    large: either(between(100, 1000, 0.5)),
    small: nearZero(0.5),
    roundings: ULPS,
  }),
];

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

const binaries: readonly Operation[] = [
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

const condition = (rng: Rng, shape: Shape): Tensor => drawn(rng, { draw: (r) => r.integer(2), h: 1 }, shape);

function choice(name: string, [c, a, b]: readonly [Shape, Shape, Shape], [x, y]: readonly [Domain, Domain] = [ordinary, ordinary]): Sample {
  return {
    name,
    inputs: (rng) => [condition(rng, c), drawn(rng, x, a), drawn(rng, y, b)],
    f: (p, q, r) => where(p as Tensor, q as Tensor, r as Tensor),
    reference: elementwise((p, q, r) => (p ? q : r)),
    h: [1, x.h, y.h],
    roundings: 0,
    held: [0],
    elementwise: true,
  };
}

const whereOperation: Operation = {
  name: "where",
  samples: [
    choice("scalars", [[], [], []]),
    choice("vectors", [[4], [4], [4]]),
    choice("matrices", [
      [2, 3],
      [2, 3],
      [2, 3],
    ]),
    choice("rank 4", [
      [2, 1, 2, 2],
      [2, 1, 2, 2],
      [2, 1, 2, 2],
    ]),
    choice("broadcast condition", [[3], [2, 3], [2, 3]]),
    choice("broadcast sides", [[2, 3], [3], []]),
    choice("all different", [
      [2, 1, 1],
      [3, 1],
      [1, 2],
    ]),
    choice("no elements", [[0], [0], []]),
    choice("matrix without rows", [
      [0, 3],
      [1, 3],
      [0, 1],
    ]),
    choice("large magnitude", [[4], [4], [4]], [huge, huge]),
    choice("small magnitude", [[4], [4], [4]], [tiny, tiny]),
    {
      ...choice("numbers on both sides", [[4], [], []]),
      inputs: (rng) => [condition(rng, [4])],
      f: (c) => where(c as Tensor, 0.5, -2),
      reference: elementwise((c) => (c ? 0.5 : -2)),
      elementwise: false,
    },
    {
      ...choice("same tensor three times", [[4], [4], [4]]),
      inputs: (rng) => [drawn(rng, ordinary, [4])],
      f: (x) => where(x as Tensor, x as Tensor, x as Tensor),
      reference: elementwise((x) => x),
      held: [],
      elementwise: false,
    },
    {
      ...choice("views", [
        [2, 3],
        [3, 2],
        [2, 5],
      ]),
      f: (c, x, y) => where(c as Tensor, transpose(x as Tensor), slice(y as Tensor, { step: [1, 2] })),
      reference: (c, x, y) =>
        elementwise((p, q, r) => (p ? q : r))(c as Plain, transposed()(x as Plain), sliced([0, 0], [2, 5], [1, 2])(y as Plain)),
      elementwise: false,
    },
  ],
};

const toSingleAndBack = (x: Tensor): Tensor => cast(cast(x, "float32"), "float64");
const castOperation: Operation = unary("cast", {
  f: toSingleAndBack as UnaryOp,
  reference: (x) => x,
  domain: dyadic,
  large: times(2 ** 20, dyadic),
  small: times(2 ** -20, dyadic),
  roundings: 0,
});
const toSingle: Sample = one("to float32", [3], dyadic, { f: (x) => cast(x, "float32"), reference: (x) => x as Plain, roundings: 0 });
const rounding: Sample = {
  ...one("rounds to nearest", [5], ordinary, {
    f: (x) => cast(x, "float32"),
    reference: (x) => ({ shape: [5], data: [...Float32Array.from((x as Plain).data)] }),
    roundings: 0,
    kink: true,
  }),
};

/** Inside, below and above [−1, 1], and never within 0.1 of an end. */
const aroundUnit: Domain = { draw: (rng) => 2 * (rng.integer(3) - 1) + 0.9 * (2 * rng.uniform() - 1), h: 1 };
const clipOperation: Operation = {
  name: "clip",
  samples: [
    ...unary("clip", {
      f: (x) => clip(x, { min: -1, max: 1 }),
      reference: (x) => (x < -1 ? -1 : Math.min(x, 1)),
      domain: aroundUnit,
      large: huge,
      small: tiny,
      roundings: 0,
    }).samples,
    one("below alone", [3], aroundUnit, { f: (x) => clip(x, { max: 1 }), reference: elementwise((x) => Math.min(x, 1)), roundings: 0 }),
    one("above alone", [3], aroundUnit, { f: (x) => clip(x, { min: -1 }), reference: elementwise((x) => Math.max(x, -1)), roundings: 0 }),
    {
      ...one("the ends", [2], ordinary, { f: (x) => clip(x, { min: -1, max: 1 }), reference: (x) => x as Plain, roundings: 0, kink: true }),
      inputs: () => [tensor([-1, 1], [2])],
    },
  ],
};

export const elementwiseOperations: readonly Operation[] = [
  ...unaries,
  ...binaries,
  whereOperation,
  { ...castOperation, samples: [...castOperation.samples, toSingle, rounding] },
  clipOperation,
];
