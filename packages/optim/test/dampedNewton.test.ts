import { checkRequirements, dampedNewton, minimize, newton, withHessian } from "@lodo/optim";
import { ArgumentError, array, createRng, mul, sub, sum, type Vector, vector } from "@lodo/tensor";
import { expectNear, norm2, quadratic } from "@lodo/testkit";
import { describe, expect, it } from "vitest";

const run = (learningRate: number, steps: number, n = 6) => {
  const { objective, x0, c } = quadratic(createRng(n), n);
  const { x } = minimize(objective, { optimizer: dampedNewton({ learningRate }), from: x0, steps, rng: createRng(1) });
  return { start: array(sub(x0, c)), end: array(sub(x, c)) };
};

describe("damped-newton", () => {
  it.each([0.1, 0.5, 1, 1.5])("on a quadratic shortens the way to the minimum by 1 − η a step, straight on: η = %d", (η) => {
    const { start, end } = run(η, 7);
    const factor = Array.from({ length: 7 }, () => 1 - η).reduce((a, b) => a * b, 1);
    // Seven solves, each off by κ(H) n ε of its step, κ = 4.
    expectNear(
      "x − c",
      end,
      start.map((d) => d * factor),
      7 * 4 * 10 * 2 ** -52 * (1 + norm2(start)) * 4,
    );
  });

  it("diverges from η = 2 on", () => {
    const { start, end } = run(2.5, 10);
    expect(norm2(end)).toBeGreaterThan(10 * norm2(start));
  });

  it("is Newton's method at η = 1, to the bit", () => {
    const loss = withHessian({ value: (x) => sum(mul(mul(x, x), mul(x, x))) });
    const x = vector([1, -2, 0.5]);
    expect(array(dampedNewton({ learningRate: 1 }).update(loss, x, null).x)).toEqual(array(newton().update(loss, x, null).x));
  });

  it("uses the loss's own way to solve", () => {
    const loss = { ...withHessian({ value: (x: Vector) => sum(x) }), hessianSolve: (_: Vector, g: Vector) => mul(g, 3) as Vector };
    expect([...array(dampedNewton({ learningRate: 0.5 }).update(loss, vector([1, 2]), null).x)]).toEqual([-0.5, 0.5]);
  });

  it("stops at the last iterate where the Hessian is singular, naming itself and the step", () => {
    const from = vector([1, 2]);
    const { x, stop, losses } = minimize(withHessian({ value: (x) => sum(x) }), {
      optimizer: dampedNewton(),
      from,
      steps: 5,
      rng: createRng(1),
    });
    expect(stop).toEqual({ kind: "singular-hessian", detail: "damped-newton: solve: the 2×2 matrix is singular", step: 0 });
    expect([[...array(x)], losses]).toEqual([[1, 2], [3]]);
  });

  it("refuses a loss without a Hessian, and a rate of 0", () => {
    expect(() => checkRequirements(dampedNewton(), { value: (x: Vector) => sum(x) }, "mine")).toThrow(
      "damped-newton: needs an objective with hessian, and that of mine has none",
    );
    expect(() => dampedNewton({ learningRate: 0 })).toThrow(ArgumentError);
  });
});
