import {
  checkRequirements,
  dampedNewton,
  levenbergMarquardt,
  newton,
  type Objective,
  type TwiceDifferentiable,
  withHessian,
} from "@lodo/optim";
import {
  ArgumentError,
  add,
  array,
  createRng,
  dot,
  eye,
  item,
  type Matrix,
  matmul,
  matrix,
  mul,
  normal,
  scale,
  sub,
  sum,
  type Vector,
  vector,
  zeros,
} from "@lodo/tensor";
import { casesFactor, eigenvalues, expectNear, norm2, quadratic, rowsOf, suiteSeed } from "@lodo/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const quadraticOf = (H: Matrix, c: Vector): Objective => ({ value: (x) => scale(0.5, dot(sub(x, c), matmul(H, sub(x, c)))) });

describe("newton", () => {
  it("jumps to the minimum of a quadratic in one step, from anywhere, by autodiff's Hessian or the loss's own", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 2 ** 31 - 1 }), (n, seed) => {
        const { objective, H, c } = quadratic(createRng(seed), n);
        const x = scale(100, normal(createRng(seed).split("x"), [n]));
        // Solving is off by κ(H) n ε of the step, and the Hessian by n ε; κ = 4.
        const tolerance = 4 * 16 * (n + 4) * 2 ** -52 * (norm2(array(x)) + norm2(array(c)));
        for (const loss of [objective, withHessian(quadraticOf(H, c))]) {
          const update = newton().update(loss, x, null);
          expectNear("x", array(update.x), array(c), tolerance);
          expect(update.stop).toBeUndefined();
          expect(update.state).toBeNull();
        }
      }),
      { numRuns: 30 * casesFactor(process.env), seed: suiteSeed(process.env) },
    );
  });

  it("goes to the saddle of an indefinite quadratic, as Newton's method does", () => {
    const H = matrix([
      [1, 0],
      [0, -2],
    ]);
    const { x } = newton().update(withHessian(quadraticOf(H, vector([3, 4]))), vector([0, 0]), null);
    expectNear("x", array(x), [3, 4], 1e-14);
  });

  it("converges quadratically near a minimum", () => {
    const loss = withHessian({ value: (x) => sum(add(mul(0.25, mul(mul(x, x), mul(x, x))), mul(0.5, mul(x, x)))) });
    let x = vector([0.2]);
    const errors = [0, 1, 2].map(() => {
      ({ x } = newton().update(loss, x, null));
      return Math.abs(item(x));
    });
    // x − (x³ + x)/(3x² + 1) = 2x³/(3x² + 1): third order, for this loss
    expect(errors[0]).toBeCloseTo((2 * 0.2 ** 3) / (3 * 0.2 ** 2 + 1), 15);
    expect(errors[2]).toBeLessThan(3 * (errors[1] as number) ** 3 + 1e-30);
  });

  it("prefers the loss's own way to solve", () => {
    const loss: TwiceDifferentiable = {
      ...quadraticOf(eye(2), zeros([2])),
      hessian: () => {
        throw new Error("the Hessian is not needed");
      },
      hessianSolve: (_, g) => scale(0.5, g),
    };
    expect([...array(newton().update(loss, vector([2, 4]), null).x)]).toEqual([1, 2]);
  });

  it.each([
    ["zero", zeros([2, 2])],
    [
      "of rank one",
      matrix([
        [1, 2],
        [2, 4],
      ]),
    ],
  ])("stops at the last iterate where the Hessian is %s, and says why", (_, H) => {
    expect(Math.min(...eigenvalues(rowsOf(H)).map(Math.abs))).toBeLessThan(1e-15);
    const x = vector([1, -1]);
    const update = newton().update(withHessian(quadraticOf(H, zeros([2]))), x, null);
    expect(update.stop).toMatchObject({ kind: "singular-hessian", detail: expect.stringMatching(/singular/) as string });
    expect(update.x).toBe(x);
    expect(update.evaluations).toHaveLength(1);
  });

  it.each([
    ["so flat that the step overflows", 2 ** -1060],
    ["NaN", Number.NaN],
  ])("stops at the last iterate where the Hessian is %s and the loss is finite", (_, curvature) => {
    const loss: TwiceDifferentiable = { value: (x) => sum(x), hessian: () => scale(curvature, eye(2)) };
    const x = vector([1, -3]);
    for (const method of [newton(), dampedNewton(), levenbergMarquardt()]) {
      const { x: at, stop } = method.update(loss, x, null);
      // H² vanishes, where the step does not overflow.
      const flat = method.name === "levenberg-marquardt" && !Number.isNaN(curvature);
      expect(stop?.kind).toBe(flat ? "singular-hessian" : "not-finite");
      if (!flat) expect(stop?.detail).toBe(`${method.name}: the step is not finite, at a loss of -2`);
      expect(at).toBe(x);
    }
  });

  it("does not take another error for a singular Hessian", () => {
    const broken: TwiceDifferentiable = {
      ...quadraticOf(eye(2), zeros([2])),
      hessian: () => {
        throw new ArgumentError("mine", "broken");
      },
    };
    expect(() => newton().update(broken, vector([1, 1]), null)).toThrow("mine: broken");
  });

  it("refuses a loss without a Hessian by name, at run time", () => {
    const loss: Objective = { value: (x) => sum(x) };
    expect(() => checkRequirements(newton(), loss, "my-task")).toThrow(ArgumentError);
    expect(() => checkRequirements(newton(), loss, "my-task")).toThrow(
      "newton: needs an objective with hessian, and that of my-task has none",
    );
    expect(() => checkRequirements(newton(), withHessian(loss), "my-task")).not.toThrow();
  });
});
