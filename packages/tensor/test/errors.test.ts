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
