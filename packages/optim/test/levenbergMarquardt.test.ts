import { checkRequirements, levenbergMarquardt, minimize, newton, type TwiceDifferentiable, withHessian } from "@lodo/optim";
import { ArgumentError, array, createRng, dot, type Matrix, matmul, matrix, mul, scale, sub, sum, type Vector, vector } from "@lodo/tensor";
import { callsDuring, casesFactor, expectNear, norm2, quadratic, rowsOf, suiteSeed } from "@lodo/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const search = { numRuns: 30 * casesFactor(process.env), seed: suiteSeed(process.env) };
const drawn = [fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 2 ** 31 - 1 })] as const;
const times = (A: readonly number[][], v: readonly number[]): number[] =>
  A.map((row) => row.reduce((s, a, j) => s + a * (v[j] as number), 0));

const stepAt = (loss: TwiceDifferentiable, x: Vector, damping: number): number[] => [
  ...array(sub(x, levenbergMarquardt({ damping }).update(loss, x, null).x)),
];

describe("levenberg-marquardt", () => {
  it("takes a step δ with (H² + λ diag(H²)) δ = H g", () => {
    fc.assert(
      fc.property(...drawn, fc.constantFrom(1e-3, 0.1, 10), (n, seed, λ) => {
        const { objective, H, c, x0 } = quadratic(createRng(seed), n);
        const rows = rowsOf(H);
        const δ = stepAt(objective, x0, λ);
        const H2 = rows.map((row) => times(rows, row));
        const left = times(H2, δ).map((y, i) => y + λ * (H2[i]?.[i] as number) * (δ[i] as number));
        const right = times(rows, times(rows, [...array(sub(x0, c))]));
        // ‖H‖ = 1, and the matrix solved with has a condition number of at most 16.
        expectNear("left side", left, right, 16 * (1 + λ) * (n + 8) * 2 ** -52 * 4 * (1 + norm2(array(x0)) + norm2(right)));
      }),
      search,
    );
  });

  it("is Newton's method for λ → 0, and a scaled gradient step diag(H²)⁻¹ H g/λ for λ → ∞", () => {
    fc.assert(
      fc.property(...drawn, (n, seed) => {
        const { objective, H, c, x0 } = quadratic(createRng(seed), n);
        const newtonStep = array(sub(x0, newton().update(objective, x0, null).x));
        // λ = 2⁻⁵² is a rounding of the matrix: times its condition number of 16.
        expectNear("λ → 0", stepAt(objective, x0, 2 ** -52), newtonStep, 16 * (n + 8) * 2 ** -52 * 8 * (1 + norm2(array(x0))));
        const rows = rowsOf(H);
        const Hg = times(rows, times(rows, [...array(sub(x0, c))]));
        const scaled = Hg.map((y, i) => y / (rows[i] as number[]).reduce((s, h) => s + h * h, 0));
        // H² against 10⁹ diag(H²): a relative 16 · 10⁻⁹.
        expectNear(
          "λ → ∞",
          stepAt(objective, x0, 1e9).map((δ) => δ * 1e9),
          scaled,
          16e-9 * norm2(scaled) * 4 + 1e9 * 2 ** -52 * 4,
        );
      }),
      search,
    );
  });

  it("on a diagonal Hessian shortens the way to the minimum by λ/(1 + λ) in every coordinate, whatever its curvature", () => {
    const h = vector([100, 1, 0.001]);
    const loss = withHessian({ value: (x) => scale(0.5, dot(x, mul(h, x))) });
    let x = vector([1, -2, 3]);
    for (let t = 0; t < 3; t++) ({ x } = levenbergMarquardt({ damping: 0.25 }).update(loss, x, null));
    // 0.2³, each division off by a few ε
    expectNear("x", array(x), [0.008, -0.016, 0.024], 3 * 8 * 2 ** -52 * 3);
  });

  it("factorises once for as long as the Hessian is the same tensor, to the same bits", () => {
    const { objective, x0 } = quadratic(createRng(5), 6);
    const lasting = levenbergMarquardt();
    const run = (fresh: boolean): { readonly x: readonly number[]; readonly solves: number } => {
      let x = x0;
      const calls = callsDuring(() => {
        for (let t = 0; t < 4; t++) ({ x } = (fresh ? levenbergMarquardt() : lasting).update(objective, x, null));
      });
      return { x: [...array(x)], solves: calls.filter(({ name }) => name === "solve").length };
    };
    const [remembering, anew] = [run(false), run(true)];
    expect([remembering.solves, anew.solves]).toEqual([1, 4]);
    expect(remembering.x).toEqual(anew.x);
  });

  it("sees that the Hessian is another one, and forgets none of it in an arena", () => {
    const quartic = withHessian({ value: (x) => sum(mul(mul(x, x), mul(x, x))) });
    const from = vector([1, -2]);
    const { x } = minimize(quartic, { optimizer: levenbergMarquardt({ damping: 1e-12 }), from, steps: 5, rng: createRng(1) });
    // Newton on x⁴: x ← ⅔ x
    expectNear(
      "x",
      array(x),
      [1, -2].map((xᵢ) => (xᵢ * 32) / 243),
      1e-10,
    );
    const { objective, x0, c } = quadratic(createRng(5), 6);
    const { x: end } = minimize(objective, { optimizer: levenbergMarquardt({ damping: 1e-12 }), from: x0, steps: 5, rng: createRng(1) });
    expectNear("quadratic", array(end), array(c), 1e-10);
  });

  it.each<[string, Matrix]>([
    [
      "zero",
      matrix([
        [0, 0],
        [0, 0],
      ]),
    ],
    [
      "zero in a column",
      matrix([
        [2, 0],
        [0, 0],
      ]),
    ],
  ])("stops at the last iterate where the Hessian is %s, naming itself, the quantity and the step", (_, H) => {
    const loss: TwiceDifferentiable = { value: (x) => scale(0.5, dot(x, matmul(H, x))), hessian: () => H };
    const { x, stop } = minimize(loss, { optimizer: levenbergMarquardt(), from: vector([1, -1]), steps: 3, rng: createRng(1) });
    expect(stop).toEqual({ kind: "singular-hessian", detail: "levenberg-marquardt: solve: the 2×2 matrix is singular", step: 0 });
    expect([...array(x)]).toEqual([1, -1]);
  });

  it("does not take another error for a singular Hessian", () => {
    const broken: TwiceDifferentiable = {
      value: (x) => sum(x),
      hessian: () => {
        throw new ArgumentError("mine", "broken");
      },
    };
    expect(() => levenbergMarquardt().update(broken, vector([1]), null)).toThrow("mine: broken");
  });

  it("refuses a loss without a Hessian, and a damping of 0", () => {
    expect(() => checkRequirements(levenbergMarquardt(), { value: (x: Vector) => sum(x) }, "mine")).toThrow(
      "levenberg-marquardt: needs an objective with hessian, and that of mine has none",
    );
    expect(() => levenbergMarquardt({ damping: 0 })).toThrow("levenberg-marquardt: damping must be a finite number above 0, got 0");
  });

  it("solves for the Hessian of float32 in float32", () => {
    const { objective, x0 } = quadratic(createRng(1), 3, "float32");
    expect(levenbergMarquardt().update(objective, x0, null).x.dtype).toBe("float32");
  });
});
