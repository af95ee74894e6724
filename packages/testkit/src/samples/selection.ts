import { cast, clip, type Rng, type Shape, slice, type Tensor, tensor, transpose, type UnaryOp, where } from "@lodo/tensor";
import { elementwise, sliced, transposed } from "../reference/operations.ts";
import type { Plain } from "../reference/plain.ts";
import type { Operation, Sample } from "../sample.ts";
import { one } from "./cases.ts";
import { type Domain, drawn, dyadic, ordinary, times } from "./domain.ts";
import { huge, tiny } from "./magnitudes.ts";
import { unary } from "./unary.ts";

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

/** Operations that choose, convert or limit elements. */
export const selections: readonly Operation[] = [
  whereOperation,
  { ...castOperation, samples: [...castOperation.samples, toSingle, rounding] },
  clipOperation,
];
