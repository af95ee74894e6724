import { noisyQuadraticBowl, rosenbrock, rosenbrockFunction, tasks } from "@lodo/experiments";
import { newton, type TwiceDifferentiable } from "@lodo/optim";
import { array, createRng, hessian, item, matmul, transpose, type Vector, vector } from "@lodo/tensor";
import { casesFactor, conformsToTask, eigenvalues, rowsOf, suiteSeed, taskLaws } from "@lodo/testkit";
import { describe, expect, it } from "vitest";

const search = { cases: 8 * casesFactor(process.env), seed: suiteSeed(process.env) };

const tallies = tasks.map((task) => conformsToTask({ describe, it }, task.miniature ?? task, search));

it("every law finds something to compare", ({ skip }) => {
  skip(
    tallies.some((tally) => tally.size < taskLaws.length),
    "some laws were filtered out",
  );
  expect(taskLaws.filter(({ name }) => tallies.every((tally) => !tally.get(name)))).toEqual([]);
});

describe("the noisy quadratic bowl", () => {
  it.each([1, 2, 7, 30])("has eigenvalues in equal ratios from 0.001 to 1, at n = %i", (n) => {
    const { hessian: H } = noisyQuadraticBowl(createRng(n), { dim: n });
    const λ = [...eigenvalues(rowsOf(H))].sort((a, b) => a - b);
    // A computed eigenvalue of a matrix of norm 1 is off by n ε, as is each entry of H = U diag(λ) Uᵀ.
    const tolerance = 40 * n * 2 ** -52;
    expect(λ.at(-1)).toBeCloseTo(1, 12);
    if (n > 1) expect(Math.abs((λ[0] ?? 0) - 0.001)).toBeLessThan(tolerance);
    for (let i = 2; i < n; i++) {
      const [a, b, c] = [λ[i - 2], λ[i - 1], λ[i]] as [number, number, number];
      expect(Math.abs(b * b - a * c)).toBeLessThan(4 * tolerance * c);
    }
  });

  it("is symmetric, and of the eigenvectors that its seed gives", () => {
    const { hessian: H } = noisyQuadraticBowl(createRng(3), { dim: 12 });
    const [a, b] = [array(H), array(transpose(H))];
    expect(Math.max(...a.map((x, i) => Math.abs(x - (b[i] ?? Number.NaN))))).toBeLessThan(12 * 2 ** -52);
    expect(array(noisyQuadraticBowl(createRng(4), { dim: 12 }).hessian)).not.toEqual(a);
  });

  it("costs Newton's method ½ σ² tr H on average", () => {
    const [n, σ, T] = [20, 1.5, 4000];
    const task = noisyQuadraticBowl(createRng(5), { dim: n, noise: σ });
    const method = newton();
    const draws = createRng(6);
    let { x, state } = task.init(createRng(7));
    let total = 0;
    for (let t = 0; t < T; t++) {
      const [objective, after] = task.draw(state, draws);
      const { x: next, evaluations } = method.update(objective, x, null);
      total += item(evaluations[0] as NonNullable<(typeof evaluations)[0]>);
      [x, state] = [next, after];
    }
    const λ = eigenvalues(rowsOf(task.hessian));
    const expected = 0.5 * σ ** 2 * λ.reduce((a, b) => a + b);
    // Newton stands on the last centre, so each loss is ½ sᵀ H s with s ~ N(0, σ² I), independent: variance ½ σ⁴ Σ λ².
    const deviation = Math.sqrt((0.5 * σ ** 4 * λ.reduce((a, b) => a + b * b, 0)) / T);
    // Five standard errors of the mean: 99.9999%.
    expect(Math.abs(total / T - expected)).toBeLessThan(5 * deviation);
  });

  it("has ½ tr H = 7.41 at n = 100", () => {
    const { hessian: H } = noisyQuadraticBowl(createRng(8));
    const trace = rowsOf(H).reduce((s, row, i) => s + (row[i] ?? Number.NaN), 0);
    expect(trace / 2).toBeCloseTo(7.41, 2);
  });

  it("moves its centre before every draw, by σ on average in every coordinate", () => {
    const [n, σ, T] = [10, 0.5, 2000];
    const task = noisyQuadraticBowl(createRng(9), { dim: n, noise: σ });
    const draws = createRng(10);
    let { state } = task.init(createRng(0));
    let squares = 0;
    for (let t = 0; t < T; t++) {
      const [, after] = task.draw(state, draws);
      const [from, to] = [array(state.centre), array(after.centre)];
      squares += Array.from(to).reduce((s, c, i) => s + (c - (from[i] ?? Number.NaN)) ** 2, 0);
      state = after;
    }
    // The mean of nT squares of N(0, σ²) has the standard deviation σ² √(2 / nT).
    expect(Math.abs(squares / (n * T) - σ ** 2)).toBeLessThan(5 * σ ** 2 * Math.sqrt(2 / (n * T)));
  });
});

describe("Rosenbrock's valley", () => {
  const f = (x: number, y: number): number => 0.01 * (x - 1) ** 2 + (x ** 2 - y) ** 2;

  it.each([
    [-0.5, 2],
    [1, 1],
    [0, 0],
    [1.5, -1],
  ])("has the values of its formula, at (%d, %d)", (x, y) => {
    expect(Math.abs(item(rosenbrockFunction(vector([x, y]))) - f(x, y))).toBeLessThanOrEqual(8 * 2 ** -52 * f(x, y));
  });

  it("starts at (−0.5, 2), at a loss of 3.085", () => {
    const { x } = rosenbrock().init(createRng(1));
    expect([...array(x)]).toEqual([-0.5, 2]);
    expect(item(rosenbrockFunction(x))).toBeCloseTo(0.01 * 1.5 ** 2 + 1.75 ** 2, 14);
  });

  it("has the Hessian of its formula", () => {
    const [x, y] = [0.7, -0.3];
    const H = [...array(hessian((p: Vector) => rosenbrockFunction(p))(vector([x, y])))];
    const expected = [0.02 + 12 * x * x - 4 * y, -4 * x, -4 * x, 2];
    expect(Math.max(...H.map((h, i) => Math.abs(h - (expected[i] ?? Number.NaN))))).toBeLessThan(1e-13);
    const [loss] = rosenbrock().draw(null, createRng(1)) as [TwiceDifferentiable, null];
    expect([...array(loss.hessian(vector([x, y])))]).toEqual(H);
  });
});

it("a task's random parts come from the generators they are given: the problem apart from the draws", () => {
  const value = (problem: number, draws: number): number => {
    const task = noisyQuadraticBowl(createRng(problem), { dim: 3 });
    const { x, state } = task.init(createRng(1));
    return item(task.draw(state, createRng(draws))[0].value(matmul(task.hessian, x)));
  };
  expect(value(1, 2)).toBe(value(1, 2));
  expect(value(1, 3)).not.toBe(value(1, 2));
  expect(value(2, 2)).not.toBe(value(1, 2));
});
