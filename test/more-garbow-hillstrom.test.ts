import { readFileSync } from "node:fs";
import { tasks } from "@lodo/experiments";
import type { LeastSquares, Task, TwiceDifferentiable } from "@lodo/optim";
import { array, createRng, grad, item, jacobian, type Scalar, type Vector, vector } from "@lodo/tensor";
import { norm2 } from "@lodo/testkit";
import { describe, expect, it } from "vitest";

interface Point {
  readonly x: readonly number[];
  readonly residuals: readonly number[];
  readonly value: number;
  readonly gradient: readonly number[];
  /** Row by row. */
  readonly hessian: readonly number[];
}

interface Golden {
  readonly task: string;
  readonly options: Readonly<Record<string, number>>;
  /** The standard start first, then points near it. */
  readonly points: readonly Point[];
  readonly minimum: { readonly x: readonly number[]; readonly value: number } | null;
}

const golden = JSON.parse(readFileSync("test/golden/mgh.json", "utf8")) as readonly Golden[];

const problems = tasks.filter(({ id }) => id.startsWith("mgh-"));

type Problem = Task<null, TwiceDifferentiable & LeastSquares>;

function create(id: string, options: Readonly<Record<string, number>> = {}): Problem {
  const task = problems.find((candidate) => candidate.id === id);
  if (!task) throw new Error(`no task ${id}`);
  return task.create(createRng(0), options) as Problem;
}

const startOf = (task: Problem): Vector => task.init(createRng(0)).x;
const objectiveOf = (task: Problem): TwiceDifferentiable & LeastSquares => task.draw(null, createRng(0))[0];

const ε = 2 ** -52;

/**
 * Roundings on the longest path through a residual and back: sums of at most 30 terms, powers and exponentials of rounded arguments as large as 5,
 * twice over for the derivative.
 */
const ROUNDINGS = 32;

const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => norm2(Array.from(a, (ai, i) => ai - (b[i] ?? Number.NaN)));

const cases = golden.map((each) => [`${each.task} ${JSON.stringify(each.options)}`, each] as const);

describe.each(cases)("%s", (_, { task: id, options, points, minimum }) => {
  const task = create(id, options);
  const objective = objectiveOf(task);
  const f = (x: Vector): Scalar => objective.value(x);

  it("starts at the standard point", () => {
    expect([...array(startOf(task))]).toEqual(points[0]?.x);
  });

  it.each(points)("has the residuals, value, gradient and Hessian of the formulas written a second time, at $x", (point) => {
    const x = vector(point.x);
    const [δ, r] = [ROUNDINGS * ε, norm2(point.residuals)];
    const J = norm2(array(jacobian((y: Vector) => objective.residuals(y))(x)));
    // What meets in r: 1, r itself, and what changes as x does; it and its derivatives are off by δ of that.
    const size = 1 + r + J * (1 + norm2(point.x));
    const residuals = Array.from(array(objective.residuals(x)), (ri) => ri / Math.SQRT2);
    expect(distance(residuals, point.residuals)).toBeLessThanOrEqual(δ * size);
    // f = ‖r‖², ∇f = 2 Jᵀ r and ∇²f = 2 JᵀJ + 2 Σ rᵢ ∇²rᵢ
    expect(Math.abs(item(f(x)) - point.value)).toBeLessThanOrEqual(2 * δ * (r + δ * size) * size);
    expect(distance(array(grad(f)(x)), point.gradient)).toBeLessThanOrEqual(4 * δ * (J + r) * size);
    expect(distance(array(objective.hessian(x)), point.hessian)).toBeLessThanOrEqual(4 * δ * (norm2(point.hessian) + (J + r) * size));
  });

  it("offers residuals with ½‖r‖² = f", () => {
    for (const point of points) {
      const x = vector(point.x);
      const r = norm2(array(objective.residuals(x)));
      // Sums of squares of at most 99 residuals, each after three roundings, either way.
      expect(Math.abs(0.5 * r * r - item(f(x)))).toBeLessThanOrEqual(2 * 102 * ε * (0.5 * r * r));
    }
  });

  it("has its minimum where the gradient vanishes to 60 digits", () => {
    if (!minimum || !task.optimum) return expect(id).toBe("mgh-extended-powell-singular");
    const [got, expected] = [array(task.optimum.x), minimum.x].map((x) => (id === "mgh-chebyquad" ? [...x].sort((a, b) => a - b) : [...x]));
    // Written down to the last digit; Penalty I's is computed, by a few roundings.
    const roundings = id === "mgh-penalty-1" ? 8 : 0;
    expect(distance(got ?? [], expected ?? [])).toBeLessThanOrEqual(roundings * ε * norm2(minimum.x));
    expect(Math.abs(task.optimum.value - minimum.value)).toBeLessThanOrEqual(roundings * ε * minimum.value);
  });
});

it.each([
  ["mgh-biggs-exp6", {}, 0],
  ["mgh-gaussian", {}, 1.12793e-8],
  ["mgh-watson", { dim: 6 }, 2.28767e-3],
  ["mgh-watson", { dim: 9 }, 1.39976e-6],
  ["mgh-watson", { dim: 12 }, 4.72238e-10],
  ["mgh-penalty-1", { dim: 4 }, 2.24997e-5],
  ["mgh-penalty-1", { dim: 10 }, 7.08765e-5],
  ["mgh-penalty-2", { dim: 4 }, 9.37629e-6],
  ["mgh-penalty-2", { dim: 10 }, 2.9366e-4],
  ["mgh-brown-dennis", {}, 85822.2],
  ["mgh-chebyquad", { dim: 8 }, 3.51687e-3],
  ["mgh-chebyquad", { dim: 9 }, 0],
] as const)("%s %o has the minimum %d of the paper, to its six digits", (id, options, value) => {
  expect(Math.abs((create(id, options).optimum?.value ?? Number.NaN) - value)).toBeLessThanOrEqual(1e-5 * value);
});

describe("multiples of the standard start", () => {
  it("are those of Algorithm 566, where Watson's start 0 becomes (k, …, k)", () => {
    expect([...array(startOf(create("mgh-wood", { factor: 10 })))]).toEqual([-30, -10, -30, -10]);
    expect([...array(startOf(create("mgh-watson", { dim: 3, factor: 10 })))]).toEqual([10, 10, 10]);
    expect([...array(startOf(create("mgh-watson", { dim: 3 })))]).toEqual([0, 0, 0]);
  });

  it("are not offered for Gulf, whose tenfold start is its minimum", () => {
    const task = create("mgh-gulf");
    const tenfold = array(startOf(task)).map((x) => 10 * x);
    expect(distance(tenfold, array((task.optimum as { x: Vector }).x))).toBeLessThan(100 * ε);
    expect(() => create("mgh-gulf", { factor: 10 })).toThrow('mgh-gulf: has no option "factor"');
  });
});

it("Watson's function is refused beyond its 31 residuals", () => {
  expect(create("mgh-watson", { dim: 31 }).dim).toBe(31);
  expect(() => create("mgh-watson", { dim: 32 })).toThrow("mgh-watson: dim must be at most 31, the number of residuals, got 32");
});

it("there are 18, each of an id and number of its own", () => {
  expect(problems.length).toBe(18);
  expect(new Set(problems.map(({ reference }) => reference)).size).toBe(18);
});
