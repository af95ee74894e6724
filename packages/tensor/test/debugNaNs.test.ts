import { expect, it } from "vitest";
import { add, array, debugNaNs, div, exp, grad, log, logsumexp, mul, NaNError, scalar, softmax, sqrt, sum, vector } from "../src/index.ts";

it("names the operation that first made a NaN, and not those that pass it on", () => {
  const f = () => exp(add(log(vector([1, -1])), 1));
  expect(() => debugNaNs(f)).toThrow(NaNError);
  expect(() => debugNaNs(f)).toThrow("log: made a NaN from inputs of shapes [2] that hold none");
});

it("names it backward: the derivative of √ at 0 under a zero cotangent is 0/0", () => {
  const f = () => grad((x: ReturnType<typeof scalar>) => mul(0, sqrt(x)))(scalar(0));
  expect(Number.isNaN(array(f())[0])).toBe(true);
  expect(() => debugNaNs(f)).toThrow("div: made a NaN from inputs of shapes [], [] that hold none");
});

it("accepts NaN that comes in, infinities, and what operations do inside with them", () => {
  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
  expect(array(debugNaNs(() => add(vector([nan, 1]), 1)))).toEqual(Float64Array.of(nan, 2));
  expect(array(debugNaNs(() => div(vector([1]), 0)))).toEqual(Float64Array.of(infinity));
  expect(array(debugNaNs(() => logsumexp(vector([-infinity, -infinity]))))).toEqual(Float64Array.of(-infinity));
  expect(array(debugNaNs(() => softmax(vector([-infinity, 0]))))).toEqual(Float64Array.of(0, 1));
});

it("is off outside, also after a failure, and nests", () => {
  expect(() => debugNaNs(() => debugNaNs(() => log(vector([-1]))))).toThrow(NaNError);
  expect(Number.isNaN(array(sum(log(vector([-1]))))[0])).toBe(true);
  expect(() =>
    debugNaNs(() => {
      debugNaNs(() => 1);
      return log(vector([-1]));
    }),
  ).toThrow(NaNError);
});
