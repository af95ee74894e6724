import { expect, it } from "vitest";
import { add, array, type Backend, defineKernel, exp, grad, neg, type Strided, sum, vector, withBackend } from "../src/index.ts";

it("a backend takes the place of the kernels that it names, forward and backward, and of no others", () => {
  const calls: string[] = [];
  const backend: Backend = {
    name: "spy",
    kernels: new Map([
      [
        "exp",
        (x: Strided) => {
          calls.push("exp");
          return vector(Float64Array.from({ length: x.shape[0] as number }, () => 42)).storage;
        },
      ],
    ]),
  };
  const g = withBackend(backend, () => grad((x: ReturnType<typeof vector>) => sum(exp(neg(x))))(vector([0, 0])));
  expect(calls).toEqual(["exp"]);
  expect(array(g)).toEqual(Float64Array.of(-42, -42));
  expect(array(exp(vector([0])))).toEqual(Float64Array.of(1));
});

it("backends nest, and leave in spite of errors", () => {
  const kernel = defineKernel("test/name", () => "reference");
  const named = (name: string): Backend => ({ name, kernels: new Map([["test/name", () => name]]) });
  const seen = withBackend(named("a"), () => [kernel(), withBackend(named("b"), () => kernel()), kernel(), kernel.reference()]);
  expect(seen).toEqual(["a", "b", "a", "reference"]);
  expect(() =>
    withBackend(named("c"), () => {
      throw new Error("no");
    }),
  ).toThrow("no");
  expect([kernel(), kernel.kernelName]).toEqual(["reference", "test/name"]);
  expect(withBackend({ name: "none", kernels: new Map() }, () => array(add(vector([1]), 1)))).toEqual(Float64Array.of(2));
});
