import { readFileSync } from "node:fs";
import { checkRequirements, type LeastSquares, levenbergMarquardtResidual, type Minimized, minimize } from "@lodo/optim";
import {
  add,
  array,
  concat,
  createRng,
  div,
  dot,
  exp,
  full,
  item,
  log,
  matmul,
  matrix,
  mul,
  neg,
  normal,
  reshape,
  type Scalar,
  scale,
  slice,
  sub,
  sum,
  type Tensor,
  type Vector,
  vector,
} from "@lodo/tensor";
import { casesFactor, expectNear, norm2, suiteSeed } from "@lodo/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** Where MINPACK ends: see least-squares.py beside the file. */
interface Golden {
  readonly data: Readonly<Record<"bard" | "kowalikY" | "kowalikU" | "decayT" | "decayY", number[]>>;
  readonly ends: Readonly<Record<string, { readonly start: number[]; readonly x: number[]; readonly cost: number }>>;
}
const { data, ends } = JSON.parse(readFileSync(new URL("../../../test/golden/least-squares.json", import.meta.url), "utf8")) as Golden;

/** ℓ = ½‖r‖² */
const leastSquares = (residuals: (x: Vector) => Vector): LeastSquares => ({
  residuals,
  value: (x) => scale(0.5, dot(residuals(x), residuals(x))),
});
const coordinate = (x: Vector, i: number): Scalar => reshape(slice(x, { start: [i], stop: [i + 1] }), []);
const together = (...parts: Tensor[]): Vector =>
  concat(
    parts.map((part) => reshape(part, [1])),
    { axis: 0 },
  ) as Vector;

const u15 = vector(Array.from({ length: 15 }, (_, i) => i + 1));
const v15 = vector(Array.from({ length: 15 }, (_, i) => 15 - i));
const w15 = vector(Array.from({ length: 15 }, (_, i) => Math.min(i + 1, 15 - i)));
const u = vector(data.kowalikU);

const problems: Readonly<Record<string, (x: Vector) => Tensor>> = {
  rosenbrock: (p) => {
    const [x, y] = [coordinate(p, 0), coordinate(p, 1)];
    return together(mul(10, sub(y, mul(x, x))), sub(1, x));
  },
  freudensteinRoth: (p) => {
    const [x, y] = [coordinate(p, 0), coordinate(p, 1)];
    const one = add(sub(x, 13), mul(y, sub(mul(y, sub(5, y)), 2)));
    const two = add(sub(x, 29), mul(y, sub(mul(y, add(y, 1)), 14)));
    return together(one, two);
  },
  bard: (p) => {
    const [x, y, z] = [0, 1, 2].map((i) => coordinate(p, i)) as [Scalar, Scalar, Scalar];
    return sub(vector(data.bard), add(x, div(u15, add(mul(y, v15), mul(z, w15)))));
  },
  kowalikOsborne: (p) => {
    const [x, y, z, w] = [0, 1, 2, 3].map((i) => coordinate(p, i)) as [Scalar, Scalar, Scalar, Scalar];
    return sub(vector(data.kowalikY), div(mul(x, mul(u, add(u, y))), add(mul(u, add(u, z)), w)));
  },
  decay: (p) => {
    const [a, k, c] = [0, 1, 2].map((i) => coordinate(p, i)) as [Scalar, Scalar, Scalar];
    return sub(add(mul(a, exp(neg(mul(k, vector(data.decayT))))), c), vector(data.decayY));
  },
};

const run = (loss: LeastSquares, from: Vector, steps = 200, options = {}): Minimized<unknown> =>
  minimize(loss, { optimizer: levenbergMarquardtResidual(options), from, steps, rng: createRng(1) });

describe("levenberg-marquardt-residual", () => {
  it.each(Object.entries(problems))("ends where MINPACK ends: %s", (name, residuals) => {
    const expected = ends[name] as Golden["ends"][string];
    const { x, losses, stop } = run(leastSquares(residuals as (x: Vector) => Vector), vector(expected.start));
    expect(stop?.kind).toBe("converged");
    // At a cosine of 1e-8 the loss is a relative 1e-16 above its minimum; x is off by the root of that, times the condition of J.
    const cost = Math.min(...losses);
    expect(cost).toBeLessThanOrEqual(expected.cost * (1 + 1e-12) + 1e-20);
    expectNear("x", array(x), expected.x, 1e-6 * (1 + norm2(expected.x)));
    expect(losses.length).toBeLessThan(200);
  });

  it("solves a linear problem at once, to what its damping leaves", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 2 ** 31 - 1 }), (n, seed) => {
        const rng = createRng(seed);
        const J = normal(rng, [2 * n + 3, n]);
        const target = normal(rng, [n]);
        const { x, losses, stop } = run(
          leastSquares((x) => matmul(J, sub(x, target))),
          normal(rng, [n]),
          20,
          { damping: 1e-9 },
        );
        expect(stop?.kind).toBe("converged");
        // After one step the rest is λ times the condition of JᵀJ; after the second nothing is left to see.
        expect(losses.length).toBeLessThanOrEqual(6);
        expectNear("x", array(x), array(target), 1e-6);
      }),
      { numRuns: 20 * casesFactor(process.env), seed: suiteSeed(process.env) },
    );
  });

  it("takes a step δ with (JᵀJ + λ diag(JᵀJ)) δ = −Jᵀr", () => {
    const J = matrix([
      [1, 2],
      [0, 3],
      [4, 0],
    ]);
    const loss = leastSquares((x) => sub(matmul(J, x), vector([1, 2, 3])));
    const { x } = levenbergMarquardtResidual({ damping: 0.5 }).update(loss, vector([0, 0]), { damping: 0.5, scale: vector([0, 0]) });
    // JᵀJ = [[17, 2], [2, 13]], Jᵀr = −[13, 8]
    const [a, b, d] = [17 * 1.5, 2, 13 * 1.5];
    expectNear("x", array(x), [(13 * d - 8 * b) / (a * d - b * b), (8 * a - 13 * b) / (a * d - b * b)], 20 * 2 ** -52);
  });

  it("damps by the greatest diag(JᵀJ) so far", () => {
    const loss = leastSquares((x) => mul(x, x));
    const { x, state } = levenbergMarquardtResidual().update(loss, vector([1]), { damping: 0.5, scale: vector([16]) });
    // At x = 1: J = 2, r = 1, and D stays 16, whatever JᵀJ = 4 is: δ = −2/(4 + 0.5 · 16).
    expectNear("x", array(x), [1 - 2 / 12], 4 * 2 ** -52);
    expect(array(state.scale)).toEqual(Float64Array.of(16));
    // At x = 3: JᵀJ = 36 is the greatest.
    expect(array(levenbergMarquardtResidual().update(loss, vector([3]), state).state.scale)).toEqual(Float64Array.of(36));
  });

  it("does not see the units of the parameters", () => {
    const residuals = problems["bard"] as (x: Vector) => Vector;
    const units = vector([1024, 2 ** -10, 1]);
    const start = vector((ends["bard"] as Golden["ends"][string]).start);
    const plain = run(leastSquares(residuals), start, 8, { tolerance: 1e-300 });
    const scaled = run(
      leastSquares((y) => residuals(mul(y, units))),
      div(start, units),
      8,
      { tolerance: 1e-300 },
    );
    // Powers of two: up to the pivoting of the solver, the same numbers.
    expectNear("losses", scaled.losses as number[], plain.losses as number[], 1e-9 * norm2(plain.losses as number[]));
  });

  it("eases the damping by Nielsen's rule where the model is exact, and raises it by 2, 4, 8, … where steps fail", () => {
    const linear = leastSquares((x) => sub(x, 5));
    const { state } = levenbergMarquardtResidual().update(linear, vector([0]), { damping: 0.3, scale: vector([0]) });
    // The model is exact: ϱ = 1.
    expect(state.damping).toBeCloseTo(0.1, 15);
    // ln x is no number at x ≤ 0.
    const fenced = leastSquares((x) => log(x));
    const update = levenbergMarquardtResidual().update(fenced, vector([100]), { damping: 0.001, scale: vector([0]) });
    // δ = −x ln x/(1 + λ): refused until 1 + λ > ln 100 = 4.6, at λ = 0.001 · 2 · 4 · 8 · 16 · 32 = 32.768 > 3.6 > 1.024
    expect(update.evaluations.map(item).map(Number.isFinite)).toEqual([true, false, false, false, false, false, true]);
    expect(item(update.x)).toBeCloseTo(100 - (100 * 4.605170185988092) / 33.768, 10);
    expect(run(fenced, vector([100])).stop?.kind).toBe("converged");
  });

  it("keeps the best iterate and reports every evaluation", () => {
    const loss = leastSquares(problems["rosenbrock"] as (x: Vector) => Vector);
    const seen: number[] = [];
    const watched: LeastSquares = {
      ...loss,
      value: (x) => {
        const value = loss.value(x);
        seen.push(item(value));
        return value;
      },
    };
    const { x, losses } = run(watched, vector([-1.2, 1]));
    expect(losses).toEqual(seen);
    expect(item(loss.value(x))).toBe(Math.min(...losses));
    expect(losses.some((value, i) => i > 0 && value > (losses[i - 1] as number))).toBe(true);
  });

  it("moves the parameters that move a residual, and leaves the others", () => {
    const { x, stop } = run(
      leastSquares((x) => sub(mul(x, vector([2, 0])), 3)),
      vector([7, 7]),
    );
    expectNear("x", array(x), [1.5, 7], 1e-7);
    expect(stop?.kind).toBe("converged");
  });

  it("says that it has converged where it starts at a minimum, after one evaluation", () => {
    const { losses, stop, x } = run(
      leastSquares((x) => mul(x, x)),
      vector([0, 0]),
    );
    expect(stop).toMatchObject({ kind: "converged", step: 0 });
    expect([losses, [...array(x)]]).toEqual([[0], [0, 0]]);
  });

  describe("stops, naming itself and the quantity, at the best iterate", () => {
    const linear = leastSquares((x) => sub(x, 1));
    it.each<[string, LeastSquares, Vector, string, RegExp]>([
      ["a loss of NaN", { ...linear, value: (x) => sum(mul(x, Number.NaN)) }, vector([4]), "not-finite", /the loss at x is NaN/],
      [
        "an infinite loss",
        { ...linear, value: (x) => sum(mul(x, Number.POSITIVE_INFINITY)) },
        vector([4]),
        "not-finite",
        /the loss at x is Infinity/,
      ],
      [
        "residuals of NaN",
        { ...linear, residuals: (x) => mul(x, Number.NaN) as Vector },
        vector([4]),
        "not-finite",
        /Jᵀr or JᵀJ at x is not finite, at a loss of 4.5$/,
      ],
      ["derivatives that overflow", { ...linear, residuals: (x) => mul(x, 1e200) as Vector }, vector([4]), "not-finite", /Jᵀr or JᵀJ/],
      // The residuals promise a decrease towards 1, and the loss grows that way.
      [
        "a loss that is not the residuals'",
        { ...linear, value: (x) => sum(neg(x)) },
        vector([4]),
        "line-search-failed",
        /no step decreases the loss from -4/,
      ],
    ])("%s", (_, loss, from, kind, words) => {
      const { x, stop } = run(loss, from);
      expect(stop).toMatchObject({ kind, step: 0, detail: expect.stringMatching(words) as string });
      expect(stop?.detail).toMatch(/^levenberg-marquardt-residual: /);
      expect([...array(x)]).toEqual([4]);
    });

    it("a loss that is not the residuals', at 0, where steps can shrink until they vanish", () => {
      const { x, stop } = run({ ...linear, value: (x) => sum(x) }, vector([0]));
      expect(stop).toMatchObject({
        kind: "line-search-failed",
        detail: expect.stringMatching(/no step decreases the loss from 0, /) as string,
      });
      expect([...array(x)]).toEqual([0]);
    });
  });

  it("refuses a loss without residuals, and options outside their domains", () => {
    expect(() => checkRequirements(levenbergMarquardtResidual(), { value: (x: Vector) => sum(x) }, "mine")).toThrow(
      "levenberg-marquardt-residual: needs an objective with residuals, and that of mine has none",
    );
    expect(() => levenbergMarquardtResidual({ damping: -1 })).toThrow("damping must be a finite number above 0, got -1");
    expect(() => levenbergMarquardtResidual({ tolerance: 0 })).toThrow("tolerance must be a finite number above 0, got 0");
  });

  it("works where there are more parameters than residuals", () => {
    const { x, stop } = run(
      leastSquares((x) => sub(sum(x, { axes: 0, keepdims: true }), full([1], 3)) as Vector),
      vector([1, 0, 5]),
    );
    expect(stop?.kind).toBe("converged");
    expect(item(sum(x))).toBeCloseTo(3, 12);
  });
});
