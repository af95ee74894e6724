import { describe, expect, it } from "vitest";
import * as lodo from "../src/index.ts";
import { ArgumentError, DTypeError, ShapeError, TensorError, zeros } from "../src/index.ts";

const v = (n: number) => zeros([n]);
const m = (rows: number, cols: number) => zeros([rows, cols]);
const single = zeros([2], { dtype: "float32" });
const loose = <T>(x: unknown): T => x as T;

type Case = readonly [op: string, call: () => unknown, type: new (op: string, message: string) => TensorError, message: string];

const elementwise = [
  lodo.add,
  lodo.sub,
  lodo.mul,
  lodo.div,
  lodo.pow,
  lodo.maximum,
  lodo.minimum,
  lodo.greater,
  lodo.greaterEqual,
  lodo.equal,
];
const names = ["add", "sub", "mul", "div", "pow", "maximum", "minimum", "greater", "greaterEqual", "equal"];

const four = (...shape: readonly [number, number, number, number]) => zeros(shape);

/** [1, 5, 4, 4] under [3, 3, 4, 2] unless told. */
const conv = (options: lodo.Conv2dOptions, x = four(1, 5, 4, 4), filter = four(3, 3, 4, 2)) => lodo.conv2d(x, filter, options);
const back = (ct: lodo.Images) => lodo.conv2dInputGradient(ct, four(3, 3, 4, 2), [1, 5, 4, 4]);
const depthwise = (x: lodo.Images, filter: lodo.Filter) => lodo.depthwiseConv2d(x, filter);
const PADDING = 'padding must be "same", "valid" or [[top, bottom], [left, right]] in non-negative integers, got';

const convolutionCases: readonly Case[] = [
  ["conv2d", () => conv({}, loose(v(3))), ShapeError, "x must be images [n, h, w, c] of at least one pixel and channel, got [3]"],
  [
    "conv2d",
    () => conv({}, four(1, 0, 4, 4)),
    ShapeError,
    "x must be images [n, h, w, c] of at least one pixel and channel, got [1,0,4,4]",
  ],
  [
    "conv2d",
    () => conv({}, four(1, 5, 4, 4), loose(m(3, 3))),
    ShapeError,
    "filter must be [kh, kw, ci / groups, co] with no extent below 1, got [3,3]",
  ],
  [
    "conv2d",
    () => conv({}, four(1, 5, 4, 4), four(3, 3, 4, 0)),
    ShapeError,
    "filter must be [kh, kw, ci / groups, co] with no extent below 1, got [3,3,4,0]",
  ],
  ["conv2d", () => conv({}, four(1, 5, 4, 3)), ShapeError, "the filter's third extent must be 3 / 1 = 3 for x [1,5,4,3], got [3,3,4,2]"],
  ["conv2d", () => conv({ groups: 2 }), ShapeError, "the filter's third extent must be 4 / 2 = 2 for x [1,5,4,4], got [3,3,4,2]"],
  ["conv2d", () => conv({ groups: 3 }), ShapeError, "3 groups must divide the 4 channels of x [1,5,4,4] and the 2 of the filter [3,3,4,2]"],
  ["conv2d", () => conv({ groups: 4 }), ShapeError, "4 groups must divide the 4 channels of x [1,5,4,4] and the 2 of the filter [3,3,4,2]"],
  ["conv2d", () => conv({ groups: 0 }), ArgumentError, "groups must be a positive integer, got 0"],
  ["conv2d", () => conv({ groups: 1.5 }), ArgumentError, "groups must be a positive integer, got 1.5"],
  ["conv2d", () => conv({ stride: 0 }), ArgumentError, "stride must be a positive integer below 2³¹ or two of them, got 0"],
  ["conv2d", () => conv({ stride: [1, 0.5] }), ArgumentError, "stride must be a positive integer below 2³¹ or two of them, got [1,0.5]"],
  ["conv2d", () => conv({ stride: loose([1]) }), ArgumentError, "stride must be a positive integer below 2³¹ or two of them, got [1]"],
  ["conv2d", () => conv({ stride: loose("2") }), ArgumentError, 'stride must be a positive integer below 2³¹ or two of them, got "2"'],
  ["conv2d", () => conv({ stride: loose(null) }), ArgumentError, "stride must be a positive integer below 2³¹ or two of them, got null"],
  ["conv2d", () => conv({ padding: loose("full") }), ArgumentError, `${PADDING} "full"`],
  ["conv2d", () => conv({ padding: loose(1) }), ArgumentError, `${PADDING} 1`],
  ["conv2d", () => conv({ padding: loose([1, 1]) }), ArgumentError, `${PADDING} [1,1]`],
  [
    "conv2d",
    () =>
      conv({
        padding: [
          [0, -1],
          [0, 0],
        ],
      }),
    ArgumentError,
    `${PADDING} [[0,-1],[0,0]]`,
  ],
  [
    "conv2d",
    () =>
      conv({
        padding: [
          [0, 0],
          [0.5, 0],
        ],
      }),
    ArgumentError,
    `${PADDING} [[0,0],[0.5,0]]`,
  ],
  [
    "conv2d",
    () =>
      conv(
        {
          padding: [
            [0, 1],
            [1, 2],
          ],
        },
        four(1, 1, 4, 4),
      ),
    ShapeError,
    "a window of [3,3] is larger than the padded image of [2,7], which is [1,1,4,4] without padding",
  ],
  [
    "conv2d",
    () => conv({}, lodo.zeros([1, 5, 4, 4], { dtype: "float32" })),
    DTypeError,
    "inputs must share one dtype, got float32, float64",
  ],
  [
    "conv2dInputGradient",
    () => back(four(1, 3, 2, 3)),
    ShapeError,
    "ct must be [1,3,2,2], the shape of images [1,5,4,4] under a filter [3,3,4,2], got [1,3,2,3]",
  ],
  [
    "conv2dFilterGradient",
    () => lodo.conv2dFilterGradient(four(1, 5, 4, 4), four(2, 3, 2, 2), [3, 3, 4, 2]),
    ShapeError,
    "ct must be [1,3,2,2], the shape of images [1,5,4,4] under a filter [3,3,4,2], got [2,3,2,2]",
  ],
  [
    "depthwiseConv2d",
    () => depthwise(four(1, 3, 3, 2), four(2, 2, 3, 1)),
    ShapeError,
    "the filter's third extent must be the 2 channels of x [1,3,3,2], got [2,2,3,1]",
  ],
  [
    "depthwiseConv2d",
    () => depthwise(four(1, 3, 3, 2), loose(m(2, 2))),
    ShapeError,
    "filter must be [kh, kw, c, m] with no extent below 1, got [2,2]",
  ],
  [
    "depthwiseConv2d",
    () => depthwise(four(1, 1, 3, 2), four(2, 2, 2, 1)),
    ShapeError,
    "a window of [2,2] is larger than the padded image of [1,3]",
  ],
  [
    "depthwiseConv2dInputGradient",
    () => lodo.depthwiseConv2dInputGradient(four(1, 2, 2, 2), four(2, 2, 2, 2), [1, 3, 3, 2]),
    ShapeError,
    "ct must be [1,2,2,4], the shape of images [1,3,3,2] under a filter [2,2,2,2], got [1,2,2,2]",
  ],
  [
    "depthwiseConv2dFilterGradient",
    () => lodo.depthwiseConv2dFilterGradient(four(1, 3, 3, 2), four(1, 2, 2, 2), [2, 2, 2, 2]),
    ShapeError,
    "ct must be [1,2,2,4], the shape of images [1,3,3,2] under a filter [2,2,2,2], got [1,2,2,2]",
  ],
];

const poolCases: readonly Case[] = [lodo.avgPool2d, lodo.maxPool2d].flatMap((op): Case[] => {
  const { name } = op;
  const pool = (options: lodo.PoolOptions, x = four(1, 4, 4, 1)) => op(x, options);
  return [
    [
      name,
      () => pool({ window: 2 }, loose(m(2, 2))),
      ShapeError,
      "x must be images [n, h, w, c] of at least one pixel and channel, got [2,2]",
    ],
    [name, () => pool({ window: 2 ** 31 }), ArgumentError, "window must be a positive integer below 2³¹ or two of them, got 2147483648"],
    [name, () => pool({ window: 0 }), ArgumentError, "window must be a positive integer below 2³¹ or two of them, got 0"],
    [name, () => pool({ window: [2, 1.5] }), ArgumentError, "window must be a positive integer below 2³¹ or two of them, got [2,1.5]"],
    [name, () => pool({ window: 2, stride: -1 }), ArgumentError, "stride must be a positive integer below 2³¹ or two of them, got -1"],
    [name, () => pool({ window: 2, padding: loose("none") }), ArgumentError, `${PADDING} "none"`],
    [
      name,
      () => pool({ window: 5 }),
      ShapeError,
      "a window of [5,5] is larger than the padded image of [4,4], which is [1,4,4,1] without padding",
    ],
    [
      name,
      () =>
        pool({
          window: [2, 1],
          padding: [
            [1, 0],
            [1, 0],
          ],
        }),
      ArgumentError,
      "padding must be narrower than the window [2,1], got [[1,0],[1,0]]",
    ],
  ];
});

const normed = (x: lodo.Tensor, options: Partial<lodo.BatchNormOptions> = {}) => lodo.batchNorm(x, { gamma: v(2), beta: v(2), ...options });

const cases: readonly Case[] = [
  ...elementwise.flatMap((op, i): Case[] => [
    [names[i] as string, () => op(m(2, 3), m(3, 2)), ShapeError, "shapes [2,3] and [3,2] do not broadcast together"],
    [names[i] as string, () => op(v(2), single), DTypeError, "inputs must share one dtype, got float64, float32; use cast"],
  ]),
  ["greater", () => lodo.less(v(2), v(3)), ShapeError, "shapes [3] and [2] do not broadcast together"],
  ["where", () => lodo.where(v(2), v(3), 0), ShapeError, "shapes [2] and [3] do not broadcast together"],
  ["where", () => lodo.where(v(2), v(2), single), DTypeError, "inputs must share one dtype, got float64, float64, float32"],
  ["clip", () => lodo.clip(v(2), { min: 1, max: 0 }), ArgumentError, "min must be at most max, got min = 1, max = 0"],
  ["clip", () => lodo.clip(v(2), { min: Number.NaN }), ArgumentError, "min must be at most max, got min = NaN, max = Infinity"],
  ["cast", () => lodo.cast(v(2), loose("int8")), DTypeError, 'dtype must be "float64" or "float32", got "int8"'],
  ["tensor", () => lodo.tensor([1], [1], { dtype: loose("float16") }), DTypeError, 'dtype must be "float64" or "float32", got "float16"'],
  ["tensor", () => lodo.tensor([1, 2, 3], [2, 2]), ShapeError, "shape [2,2] holds 4 numbers, got 3"],
  ["tensor", () => lodo.tensor([], [-1]), ShapeError, "every extent must be a non-negative integer, got [-1]"],
  ["full", () => lodo.zeros([2, 1.5]), ShapeError, "every extent must be a non-negative integer, got [2,1.5]"],
  ["full", () => lodo.full([-2], 1), ShapeError, "every extent must be a non-negative integer, got [-2]"],
  ["matrix", () => lodo.matrix([[1, 2], [3]]), ShapeError, "every row must have 2 numbers as row 0 has, row 1 has 1"],
  ["basis", () => lodo.basis(3, 3), ArgumentError, "index must be in [0, 3), got 3"],
  ["item", () => lodo.item(v(2)), ShapeError, "expected one element, got shape [2]"],
  ["sum", () => lodo.sum(m(2, 3), { axes: 2 }), ShapeError, "axis must be in [-2, 2) for a tensor of rank 2, got 2"],
  ["sum", () => lodo.sum(m(2, 3), { axes: [0, -2] }), ShapeError, "axes must be distinct, got [0,-2]"],
  ["max", () => lodo.max(v(2), { axes: 0.5 }), ShapeError, "axis must be in [-1, 1) for a tensor of rank 1, got 0.5"],
  ["norm", () => lodo.norm(v(2), { axes: -2 }), ShapeError, "axis must be in [-1, 1) for a tensor of rank 1, got -2"],
  ["mean", () => lodo.mean(m(2, 0), { axes: 1 }), ShapeError, "is not defined over no elements, got shape [2,0] over axes [1]"],
  ["max", () => lodo.max(v(0)), ShapeError, "is not defined over no elements, got shape [0] over axes [0]"],
  ["min", () => lodo.min(v(0)), ShapeError, "is not defined over no elements, got shape [0] over axes [0]"],
  ["logsumexp", () => lodo.logsumexp(v(0)), ShapeError, "is not defined over no elements, got shape [0] over axes [0]"],
  ["softmax", () => lodo.softmax(m(2, 0)), ShapeError, "is not defined over no elements, got shape [2,0] over axes [1]"],
  ["softmax", () => lodo.softmax(lodo.scalar(1)), ShapeError, "axis must be in [0, 0) for a tensor of rank 0, got -1"],
  ["logSoftmax", () => lodo.logSoftmax(m(2, 0)), ShapeError, "is not defined over no elements, got shape [2,0] over axes [1]"],
  ["reshape", () => lodo.reshape(m(2, 3), [4]), ShapeError, "shape [2,3] holds 6 numbers, [4] holds 4"],
  ["reshape", () => lodo.reshape(m(2, 3), [-1, -6]), ShapeError, "every extent must be a non-negative integer, got [-1,-6]"],
  ["broadcastTo", () => lodo.broadcastTo(m(2, 3), [3, 2]), ShapeError, "shape [2,3] does not broadcast to [3,2]"],
  ["broadcastTo", () => lodo.broadcastTo(m(2, 3), [3]), ShapeError, "shape [2,3] does not broadcast to [3]"],
  ["broadcastTo", () => lodo.broadcastTo(v(1), [-1]), ShapeError, "every extent must be a non-negative integer, got [-1]"],
  ["transpose", () => lodo.transpose(m(2, 3), [0, 0]), ShapeError, "axes must be a permutation of the 2 axes of [2,3], got [0,0]"],
  ["transpose", () => lodo.transpose(m(2, 3), [0]), ShapeError, "axes must be a permutation of the 2 axes of [2,3], got [0]"],
  ["slice", () => lodo.slice(v(3), { stop: [4] }), ShapeError, "expected 0 ≤ start ≤ stop ≤ 3 on axis 0 of [3], got 0 and 4"],
  ["slice", () => lodo.slice(v(3), { start: [-1] }), ShapeError, "expected 0 ≤ start ≤ stop ≤ 3 on axis 0 of [3], got -1 and 3"],
  ["slice", () => lodo.slice(v(3), { start: [2], stop: [1] }), ShapeError, "expected 0 ≤ start ≤ stop ≤ 3 on axis 0 of [3], got 2 and 1"],
  ["slice", () => lodo.slice(v(3), { step: [0] }), ArgumentError, "step must be at least 1, got 0 on axis 0"],
  ["slice", () => lodo.slice(v(3), { start: [0.5] }), ArgumentError, "start must hold integers, got [0.5]"],
  ["slice", () => lodo.slice(m(2, 3), { start: [0] }), ShapeError, "start must have 2 entries, one for each axis of [2,3], got [0]"],
  ["flip", () => lodo.flip(v(2), { axes: 1 }), ShapeError, "axis must be in [-1, 1) for a tensor of rank 1, got 1"],
  ["pad", () => lodo.pad(v(2), { before: [-1] }), ArgumentError, "widths must not be negative, got -1"],
  ["pad", () => lodo.pad(v(2), { after: [1, 2] }), ShapeError, "after must have 1 entries, one for each axis of [2], got [1,2]"],
  ["gather", () => lodo.gather(v(3), Int32Array.of(0, 3)), ArgumentError, "every index must be in [0, 3), got 3"],
  ["gather", () => lodo.gather(v(3), Int32Array.of(-1)), ArgumentError, "every index must be in [0, 3), got -1"],
  ["gather", () => lodo.gather(v(3), Int32Array.of(0), { axis: 1 }), ShapeError, "axis must be in [-1, 1) for a tensor of rank 1, got 1"],
  ["scatterAdd", () => lodo.scatterAdd(v(2), Int32Array.of(0, 5), { size: 5 }), ArgumentError, "every index must be in [0, 5), got 5"],
  [
    "scatterAdd",
    () => lodo.scatterAdd(v(2), Int32Array.of(0), { size: 5 }),
    ShapeError,
    "expected 2 indices, one for each slice of [2] on axis 0, got 1",
  ],
  ["scatterAdd", () => lodo.scatterAdd(v(0), Int32Array.of(), { size: -1 }), ArgumentError, "size must be a non-negative integer, got -1"],
  ["concat", () => lodo.concat([]), ArgumentError, "expected at least one tensor, got none"],
  ["concat", () => lodo.concat([m(2, 3), m(2, 2)]), ShapeError, "shapes must agree except on axis 0, got [2,3] and [2,2]"],
  ["concat", () => lodo.concat([v(2), single]), DTypeError, "inputs must share one dtype, got float64, float32"],
  ["concat", () => lodo.concat([lodo.scalar(1)]), ShapeError, "axis must be in [0, 0) for a tensor of rank 0, got 0"],
  ["stack", () => lodo.stack([]), ArgumentError, "expected at least one tensor, got none"],
  ["stack", () => lodo.stack([v(2), v(3)]), ShapeError, "shapes must agree, got [2] and [3]"],
  ["stack", () => lodo.stack([v(2)], { axis: 2 }), ShapeError, "axis must be in [-2, 2) for a tensor of rank 2, got 2"],
  ["matmul", () => lodo.matmul(m(2, 3), m(2, 3)), ShapeError, "inner extents must agree, got 3 and 2 of [2,3] × [2,3]"],
  ["matmul", () => lodo.matmul(loose<lodo.Vector>(lodo.scalar(1)), v(2)), ShapeError, "expected vectors or matrices, got [] and [2]"],
  ["matmul", () => lodo.matmul(zeros([2, 1, 1]), zeros([3, 1, 1])), ShapeError, "shapes [2] and [3] do not broadcast together"],
  ["matmul", () => lodo.matmul(v(2), single), DTypeError, "inputs must share one dtype, got float64, float32"],
  ["dot", () => lodo.dot(v(2), v(3)), ShapeError, "expected two vectors of one length, got [2] and [3]"],
  ["dot", () => lodo.dot(loose(m(2, 2)), loose(m(2, 2))), ShapeError, "expected two vectors of one length, got [2,2] and [2,2]"],
  ["solve", () => lodo.solve(m(2, 3), v(2)), ShapeError, "A must be square, got [2,3]"],
  ["solve", () => lodo.solve(loose(zeros([2, 2, 2])), v(2)), ShapeError, "A must be square, got [2,2,2]"],
  ["solve", () => lodo.solve(m(2, 2), v(3)), ShapeError, "b must be [2] or [2, m] to fit A of [2,2], got [3]"],
  ["solve", () => lodo.solve(m(2, 2), zeros([2, 1, 1])), ShapeError, "b must be [2] or [2, m] to fit A of [2,2], got [2,1,1]"],
  ["solve", () => lodo.solve(lodo.ones([2, 2]), v(2)), ArgumentError, "the 2×2 matrix is singular"],
  ["solve", () => lodo.solve(lodo.eye(2), single), DTypeError, "inputs must share one dtype, got float64, float32"],
  ...convolutionCases,
  ...poolCases,
  [
    "avgPool2dGradient",
    () => lodo.avgPool2dGradient(four(1, 4, 4, 1), [1, 4, 4, 1], { window: 2 }),
    ShapeError,
    "ct must be [1,2,2,1], the shape of pools on images [1,4,4,1], got [1,4,4,1]",
  ],
  ["batchNorm", () => normed(lodo.scalar(1)), ShapeError, "x must be [..., c], got a scalar"],
  ["batchNorm", () => normed(m(3, 2), { gamma: v(3) }), ShapeError, "gamma must be [2] for x [3,2], got [3]"],
  ["batchNorm", () => normed(m(3, 2), { beta: loose(m(1, 2)) }), ShapeError, "beta must be [2] for x [3,2], got [1,2]"],
  ["batchNorm", () => normed(m(3, 2), { eps: -1 }), ArgumentError, "eps must be a finite number of at least 0, got -1"],
  ["batchNorm", () => normed(m(3, 2), { eps: Number.NaN }), ArgumentError, "eps must be a finite number of at least 0, got NaN"],
  [
    "batchNorm",
    () => normed(m(3, 2), { statistics: { mean: v(2), variance: v(1) } }),
    ShapeError,
    "statistics.variance must be [2] for x [3,2], got [1]",
  ],
  ["batchStatistics", () => lodo.batchStatistics(lodo.scalar(1)), ShapeError, "x must be [..., c], got a scalar"],
  ["batchStatistics", () => normed(m(0, 2)), ShapeError, "is not defined over no elements, got [0,2]"],
  [
    "softmaxCrossEntropy",
    () => lodo.softmaxCrossEntropy(loose(v(2)), Int32Array.of(0)),
    ShapeError,
    "logits must be [n, c] with at least one class, got [2]",
  ],
  [
    "softmaxCrossEntropy",
    () => lodo.softmaxCrossEntropy(m(2, 0), Int32Array.of(0, 0)),
    ShapeError,
    "logits must be [n, c] with at least one class, got [2,0]",
  ],
  [
    "softmaxCrossEntropy",
    () => lodo.softmaxCrossEntropy(m(2, 3), Int32Array.of(0)),
    ShapeError,
    "expected 2 labels, one for each row of [2,3], got 1",
  ],
  [
    "softmaxCrossEntropy",
    () => lodo.softmaxCrossEntropy(m(2, 3), Int32Array.of(0, 3)),
    ArgumentError,
    "every label must be in [0, 3), got 3",
  ],
  [
    "softmaxCrossEntropy",
    () => lodo.softmaxCrossEntropy(m(1, 3), Int32Array.of(-1)),
    ArgumentError,
    "every label must be in [0, 3), got -1",
  ],
  ["softmaxCrossEntropy", () => lodo.softmaxCrossEntropy(m(1, 3), loose([0])), ArgumentError, "labels must be an Int32Array, got Array"],
  ["softmaxCrossEntropy", () => lodo.softmaxCrossEntropy(m(1, 3), loose(null)), ArgumentError, "labels must be an Int32Array, got Null"],
  [
    "definePrimitive",
    () => lodo.definePrimitive({ name: "add", forward: (_, x) => ({ out: x as lodo.Strided }), vjp: () => [] }),
    ArgumentError,
    '"add" is already defined',
  ],
];

describe("declared errors", () => {
  it.for(cases.map(([op, call, type, message]) => [`${op}: ${message}`, { op, call, type }] as const))(
    "%s",
    ([text, { op, call, type }]) => {
      let error: unknown;
      try {
        call();
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(type);
      expect(error).toBeInstanceOf(TensorError);
      expect(error).toMatchObject({ op, name: type.name, message: expect.stringContaining(text) });
    },
  );
});
