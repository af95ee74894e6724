import { readFileSync } from "node:fs";
import {
  add,
  array,
  concat,
  dot,
  type Matrix,
  matrix,
  portable,
  reshape,
  type Scalar,
  scalar,
  slice,
  type Tensor,
  tensor,
  transpose,
  type Vector,
  valueAndGrad,
  vector,
} from "@lodo/tensor";
import { expectClose } from "@lodo/testkit";
import { describe, expect, it } from "vitest";
import { lstmCell } from "../src/learned/lstm.ts";
import { preprocess } from "../src/learned/preprocess.ts";

type Nested = readonly (number | Nested)[];

interface Golden {
  readonly weights: Readonly<Record<string, Nested>>;
  readonly gradients: Readonly<Record<string, Nested>>;
  readonly x: Nested;
  readonly start: Nested;
  readonly cotangents: Nested;
  readonly said: Nested;
  readonly xGradient: Nested;
  readonly startGradient: Nested;
}

const golden = JSON.parse(readFileSync(new URL("../../../test/golden/lstm.json", import.meta.url), "utf8")) as Golden;

/** Nested lists as a tensor. */
function of(nested: Nested): Tensor {
  const shape: number[] = [];
  for (let level: number | Nested | undefined = nested; Array.isArray(level); level = level[0]) shape.push(level.length);
  return tensor((nested as readonly unknown[]).flat(Number.POSITIVE_INFINITY) as number[], shape);
}

const weight = (from: Readonly<Record<string, Nested>>, name: string): Tensor => of(from[name] as Nested);

/** torch's [4m, d] and [4m, m] as our [d + m, 4m]. */
const joined = (from: Readonly<Record<string, Nested>>): Matrix =>
  concat([transpose(weight(from, "weight_ih")), transpose(weight(from, "weight_hh"))], { axis: 0 }) as Matrix;

/** The t-th part along the first axis. */
function part(x: Tensor, t: number): Tensor {
  const rest = x.shape.slice(1);
  return reshape(slice(x, { start: [t, ...rest.map(() => 0)], stop: [t + 1, ...rest] }), rest);
}

const flat = (x: Tensor): Vector => reshape(x, [x.size]);

/**
 * Every number here comes of at most four steps, each with sums of eight products and five nonlinearities on the longest path, whose slopes are at most 1:
 * some 60 roundings of numbers of at most 10.
 */
const tolerance = 60 * 10 * 2 ** -52;

const expectAll = (got: Tensor, expected: Tensor): void => {
  expect(got.shape).toEqual(expected.shape);
  array(got).forEach((value, i) => {
    expectClose(`element ${i}`, value, array(expected)[i] ?? Number.NaN, tolerance);
  });
};

describe("lstmCell", () => {
  const inputs = {
    W: joined(golden.weights),
    b: add(weight(golden.weights, "bias_ih"), weight(golden.weights, "bias_hh")) as Vector,
    x: of(golden.x),
    start: of(golden.start),
  };
  const [steps] = inputs.x.shape as readonly [number];
  const cotangents = of(golden.cotangents);

  const run = ({ W, b, x, start }: typeof inputs): readonly Tensor[] => {
    let state = { h: part(start, 0) as Matrix, c: part(start, 1) as Matrix };
    return Array.from({ length: steps }, (_, t) => {
      state = lstmCell({ W, b }, part(x, t) as Matrix, state);
      return concat([flat(state.h), flat(state.c)]);
    });
  };

  it("says and remembers what torch.nn.LSTMCell does", () => {
    for (const [t, said] of run(inputs).entries()) expectAll(said, flat(part(of(golden.said), t)));
  });

  it("has its gradients", () => {
    const [, gradients] = valueAndGrad((given: typeof inputs) =>
      run(given).reduce((sum: Scalar, said, t) => add(sum, dot(said as Vector, flat(part(cotangents, t)))), scalar(0)),
    )(inputs);
    expectAll(gradients.W, joined(golden.gradients));
    expectAll(gradients.b, weight(golden.gradients, "bias_ih"));
    expectAll(gradients.x, of(golden.xGradient));
    expectAll(gradients.start, of(golden.startGradient));
  });

  it("refuses rows that do not fit", () => {
    const state = { h: matrix([[0]]), c: matrix([[0]]) };
    const weights = {
      W: matrix([
        [1, 1, 1, 1],
        [1, 1, 1, 1],
      ]),
      b: vector([0, 0, 0, 0]),
    };
    expect(() => lstmCell(weights, matrix([[1], [2]]), state)).toThrow("lstmCell: expected x of shape [1,1] beside c of [1,1], got [2,1]");
    expect(() => lstmCell(weights, matrix([[1, 2]]), state)).toThrow(
      "lstmCell: expected W of shape [3,4] beside x and c of [1,2] and [1,1], got [2,4]",
    );
  });
});

describe("preprocess", () => {
  const small = portable.exp(-10);
  const cases: readonly (readonly [g: number, magnitude: number, direction: number])[] = [
    [1, 0, 1],
    [-portable.exp(5), 0.5, -1],
    [portable.exp(-5), -0.5, 1],
    [-0.5 * small, -1, -0.5],
    [0.25 * small, -1, 0.25],
    [0, -1, 0],
    [1e308, portable.log(1e308) / 10, 1],
    [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -1],
  ];

  it.each(cases)("takes %d to (%d, %d)", (g, magnitude, direction) => {
    const [first, second] = array(preprocess(vector([g])));
    // A logarithm, an exponential and a product, each to an ulp or two of at most 10.
    expectClose("magnitude", first ?? Number.NaN, magnitude, 64 * 2 ** -52);
    expectClose("direction", second ?? Number.NaN, direction, 8 * 2 ** -52);
  });

  it("lets a NaN through", () => {
    expect([...array(preprocess(vector([Number.NaN])))]).toEqual([Number.NaN, Number.NaN]);
  });
});
