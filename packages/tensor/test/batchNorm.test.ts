import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  add,
  array,
  batchNorm,
  batchStatistics,
  createRng,
  epsilon,
  grad,
  mul,
  normal,
  ones,
  reshape,
  scale,
  sum,
  type Tensor,
  tensor,
  type Vector,
  vector,
  zeros,
} from "../src/index.ts";

/** Images [2, 3, 3, 2] of normal numbers, and a slope and offset for each channel. */
const cases = fc.integer({ min: 1, max: 2 ** 30 }).map((seed) => {
  const rng = createRng(seed);
  return {
    x: normal(rng.split("x"), [2, 3, 3, 2]),
    gamma: normal(rng.split("gamma"), [2]) as Vector,
    beta: normal(rng.split("beta"), [2]) as Vector,
  };
});

/** 18 numbers of a channel, a few times over, none of them and no inverse deviation of theirs above 100. */
const ROUNDING = 18 * 8 * 100 * epsilon.float64;

const expectNear = (got: ArrayLike<number>, expected: ArrayLike<number>, bound: number): void => {
  expect(got.length).toBe(expected.length);
  for (let i = 0; i < got.length; i++) expect(Math.abs((got[i] as number) - (expected[i] as number))).toBeLessThanOrEqual(bound);
};

describe("batchNorm", () => {
  it("gives each channel the mean β and the variance γ² v / (v + eps)", () => {
    fc.assert(
      fc.property(cases, fc.constantFrom(0, 1e-5, 0.5), ({ x, gamma, beta }, eps) => {
        const of = batchStatistics(batchNorm(x, { gamma, beta, eps }));
        expectNear(array(of.mean), array(beta), ROUNDING);
        const variance = array(batchStatistics(x).variance);
        const expected = array(gamma).map((g, c) => (g * g * (variance[c] as number)) / ((variance[c] as number) + eps));
        expectNear(array(of.variance), expected, ROUNDING * 4);
      }),
    );
  });

  it("does not see a channel's offset, nor its scale where eps is 0", () => {
    fc.assert(
      fc.property(cases, ({ x, gamma, beta }) => {
        const moved = add(mul(x, vector([2, 0.5])), vector([3, -1]));
        expectNear(array(batchNorm(moved, { gamma, beta, eps: 0 })), array(batchNorm(x, { gamma, beta, eps: 0 })), 4 * ROUNDING);
      }),
    );
  });

  it("has a gradient in x without mean, and without a component along x where eps is 0", () => {
    fc.assert(
      fc.property(cases, ({ x, gamma, beta }) => {
        const weights = normal(createRng(7), x.shape);
        const g = grad((z: Tensor) => sum(mul(weights, batchNorm(z, { gamma, beta, eps: 0 }))))(x);
        expectNear(array(sum(g, { axes: [0, 1, 2] })), [0, 0], 10 * ROUNDING);
        expectNear(array(sum(mul(g, x), { axes: [0, 1, 2] })), [0, 0], 10 * ROUNDING);
      }),
    );
  });

  it("with given statistics is affine in x, and with x's own is what it is without", () => {
    fc.assert(
      fc.property(cases, ({ x, gamma, beta }) => {
        const statistics = batchStatistics(x);
        expect(array(batchNorm(x, { gamma, beta, statistics }))).toEqual(array(batchNorm(x, { gamma, beta })));
      }),
    );
    const fixed = { mean: vector([1, 2]), variance: vector([4, 0.25]) };
    const options = { gamma: vector([6, 1]), beta: vector([0, 10]), eps: 0, statistics: fixed };
    expect(array(batchNorm(tensor([3, 2, 1, 3], [2, 2]), options))).toEqual(Float64Array.of(6, 10, 0, 12));
    expect(batchNorm(zeros([0, 2]), options).shape).toEqual([0, 2]);
  });

  it("counts every axis but the last", () => {
    const x = normal(createRng(3), [4, 3, 2]);
    const options = { gamma: ones([2]), beta: zeros([2]) };
    expect(array(batchNorm(x, options))).toEqual(array(batchNorm(reshape(x, [12, 2]), options)));
    expect(array(batchStatistics(scale(2, vector([1, 2]))).variance)).toEqual(Float64Array.of(0, 0));
  });
});
