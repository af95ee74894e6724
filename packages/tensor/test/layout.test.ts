import { describe, expect, it } from "vitest";
import {
  add,
  array,
  broadcastTo,
  createRng,
  exp,
  flip,
  gather,
  grad,
  logsumexp,
  matmul,
  max,
  mul,
  norm,
  normal,
  slice,
  softmax,
  solve,
  sub,
  sum,
  type Tensor,
  tensor,
  transpose,
  where,
} from "../src/index.ts";

/**
 * Loops over memory in another order than the shape's may block and reorder, but only past some size: views of large tensors must give the bits of
 * their copies, or results would depend on how a tensor came about.
 */
const views: Readonly<Record<string, Tensor>> = {
  transposed: transpose(normal(createRng(1), [300, 7])),
  "transposed, rank 3": transpose(normal(createRng(2), [50, 4, 33]), [1, 2, 0]),
  sliced: slice(normal(createRng(3), [15, 700]), { start: [1, 0], step: [2, 2] }),
  flipped: flip(normal(createRng(4), [7, 300])),
  repeated: broadcastTo(normal(createRng(5), [7, 1]), [7, 300]),
};

const operations: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  sum: (x) => sum(x),
  "sum, first axis": (x) => sum(x, { axes: 0 }),
  "sum, last axis": (x) => sum(x, { axes: -1 }),
  max: (x) => max(x, { axes: 0 }),
  norm: (x) => norm(x),
  logsumexp: (x) => logsumexp(x, { axes: -1 }),
  softmax: (x) => softmax(x, { axis: 0 }),
  "exp, mul, sub": (x) => sub(mul(exp(x), x), 1),
  where: (x) => where(x, x, 2),
  gather: (x) => gather(x, Int32Array.of(3, 1, 2, 2)),
  matmul: (x) => matmul(x, transpose(x, x.shape.length === 2 ? [1, 0] : [0, 2, 1])),
  "gradient of a sum of products": (x) => grad((z: Tensor) => sum(mul(mul(z, z), sum(z, { axes: -1, keepdims: true }))))(x),
};

describe.for(Object.keys(operations))("%s of a large view is that of its copy, bit for bit:", (name) => {
  it.for(Object.keys(views))("%s", (view) => {
    const f = operations[name] as (x: Tensor) => Tensor;
    const x = views[view] as Tensor;
    expect(array(f(x))).toEqual(array(f(tensor(array(x), x.shape))));
  });
});

it("solve of a transposed matrix", () => {
  const A = add(
    normal(createRng(6), [40, 40]),
    mul(
      20,
      tensor(
        Float64Array.from({ length: 1600 }, (_, i) => Number(i % 41 === 0)),
        [40, 40],
      ),
    ),
  );
  const b = normal(createRng(7), [40]);
  const view = transpose(A);
  expect(array(solve(view, b))).toEqual(array(solve(tensor(array(view), [40, 40]), b)));
});
