import { bfgsLineSearch, lbfgsLineSearch, minimize, type Objective, type Optimizer } from "@lodo/optim";
import {
  abs,
  add,
  array,
  createRng,
  dot,
  item,
  log,
  mul,
  scalar,
  scale,
  slice,
  sqrt,
  stopGradient,
  sub,
  sum,
  type Vector,
  vector,
  zeros,
} from "@lodo/tensor";
import { expectNear, quadratic } from "@lodo/testkit";
import { describe, expect, it } from "vitest";

/** Σ 100 (x_{i+1} − x_i²)² + (1 − x_i)² */
const rosenbrock: Objective = {
  value: (x) => {
    const n = x.shape[0];
    const [head, tail] = [slice(x, { stop: [n - 1] }), slice(x, { start: [1] })];
    const [across, along] = [sub(tail, mul(head, head)), sub(1, head)];
    return sum(add(scale(100, mul(across, across)), mul(along, along)));
  },
};

const methods: readonly (readonly [string, () => Optimizer<unknown>])[] = [
  ["l-bfgs-line-search", () => lbfgsLineSearch()],
  ["bfgs-line-search", () => bfgsLineSearch()],
];

describe.each(methods)("%s", (name, make) => {
  const run = (objective: Objective, from: Vector, steps = 200): ReturnType<typeof minimize<unknown, Objective>> =>
    minimize(objective, { optimizer: make(), from, steps, rng: createRng(1) });

  it("converges on Rosenbrock's function, in evaluations that the literature would expect, and never climbs", () => {
    const losses: number[] = [];
    const optimizer = make();
    let [x, state] = [vector([-1.2, 1]), optimizer.init(vector([-1.2, 1]), createRng(1))];
    let [evaluations, stop] = [0, ""];
    for (let t = 0; t < 100 && stop === ""; t++) {
      const update = optimizer.update(rosenbrock, x, state);
      ({ x, state } = update);
      evaluations += update.evaluations.length;
      losses.push(item(rosenbrock.value(x)));
      stop = update.stop?.kind ?? "";
    }
    expect(stop).toBe("converged");
    // At ‖g‖∞ ≤ 1e-8, and κ(H) = 2500 with a least eigenvalue of 0.4.
    expectNear("x", array(x), [1, 1], 1e-7);
    // Nocedal & Wright 2006, Section 6.1, report 34 iterations of BFGS to ‖g‖ ≤ 1e-5.
    expect(evaluations).toBeLessThan(80);
    losses.slice(1).forEach((loss, i) => {
      expect(loss).toBeLessThanOrEqual(losses[i] as number);
    });
  });

  it("says that it has converged at a minimum, without a step", () => {
    const { losses, stop, x } = run(rosenbrock, vector([1, 1]));
    expect(losses).toEqual([0]);
    expect(stop).toMatchObject({ kind: "converged", step: 0, detail: `${name}: ‖g‖∞ = 0, at most 1e-8` });
    expect([...array(x)]).toEqual([1, 1]);
  });

  it("says that it has converged where the loss falls no further", () => {
    const shifted: Objective = { value: (x) => add(1e6, dot(x, x)) };
    const { stop, x } = run(shifted, vector([3, -4]));
    expect(stop?.kind).toBe("converged");
    expect(Math.max(...array(x).map(Math.abs))).toBeLessThan(1e-3);
  });

  it.each([
    ["NaN", Number.NaN, "the loss is NaN"],
    ["infinite", Number.POSITIVE_INFINITY, "the loss is Infinity"],
  ])("stops at a loss that is %s, where it is", (_, by, words) => {
    const broken: Objective = { value: (x) => add(dot(x, x), scalar(by)) };
    const { stop, x, losses } = run(broken, vector([1, 2]));
    expect(stop).toMatchObject({ kind: "not-finite", step: 0, detail: `${name}: ${words}` });
    expect([...array(x)]).toEqual([1, 2]);
    expect(losses).toHaveLength(1);
  });

  it("stops at a gradient that is not finite", () => {
    // √x has the slope ∞ at 0
    const { stop, losses } = run({ value: (x) => sum(sqrt(x)) }, vector([0, 1]));
    expect(losses).toEqual([1]);
    expect(stop).toMatchObject({ kind: "not-finite", detail: `${name}: the gradient's ‖g‖∞ is Infinity` });
  });

  it("keeps inside a region where the loss is finite", () => {
    // x − log x is NaN for x < 0, and its minimum is at 1.
    const barrier: Objective = { value: (x) => sum(sub(x, log(x))) };
    const { stop, x, losses } = run(barrier, vector([40, 0.01]));
    expect(stop?.kind).toBe("converged");
    expectNear("x", array(x), [1, 1], 1e-6);
    expect(losses.some(Number.isNaN)).toBe(true);
  });

  it("stops where the gradient is not that of the loss, with the loss, the slope and the search in words", () => {
    // ℓ = ‖x‖², whose gradient claims to be −2x
    const lying: Objective = { value: (x) => sub(scale(2, stopGradient(dot(x, x))), dot(x, x)) };
    const { stop, x, losses } = run(lying, vector([1, 2]));
    expect(stop?.kind).toBe("line-search-failed");
    expect(stop?.detail).toMatch(
      new RegExp(`^${name}: no step along −H g lowers the loss 5, whose slope there is -\\d.*: .* after 20 evaluations`),
    );
    expect([...array(x)]).toEqual([1, 2]);
    expect(losses).toHaveLength(21);
  });

  it("stops at a kink, at the best point that it saw", () => {
    const kink: Objective = { value: (x) => sum(mul(vector([1, 3]), abs(sub(x, vector([0.3, 0.7]))))) };
    const { stop, x, losses } = run(kink, vector([-1, 2]));
    expect(["line-search-failed", "converged"]).toContain(stop?.kind);
    expect(item(kink.value(x))).toBe(Math.min(...losses));
    expect(item(kink.value(x))).toBeLessThan(losses[0] as number);
  });

  it("follows a loss without a minimum as far as its steps may go", () => {
    const { stop, x } = run({ value: (x) => scale(-1, sum(x)) }, vector([0, 0]), 5);
    expect(stop).toBeUndefined();
    expect(Math.min(...array(x))).toBeGreaterThan(1e10);
  });

  it("refuses an x that is not of its state's length", () => {
    const optimizer = make();
    const { objective, x0 } = quadratic(createRng(2), 3);
    const { state } = optimizer.update(objective, x0, optimizer.init(x0, createRng(1)));
    expect(() => optimizer.update(objective, zeros([4]), state)).toThrow(`${name}: expected x of length 3 as its state has, got shape [4]`);
  });
});

it("first tries a step of length 1, and once it has a pair the whole of −H g", () => {
  // ½ · 0.001 x² from 1000: g = 1, and the second step, from 999, is 999 long
  const flat: Objective = { value: (x) => scale(0.0005, dot(x, x)) };
  const optimizer = lbfgsLineSearch({ gtol: 0.9999 });
  const { losses, x, stop } = minimize(flat, { optimizer, from: vector([1000]), steps: 5, rng: createRng(1) });
  expect(losses).toHaveLength(3);
  expect(losses[1]).toBeCloseTo(0.0005 * 999 * 999, 10);
  expect(stop?.kind).toBe("converged");
  expectNear("x", array(x), [0], 1e-9);
});

it("evaluates the start once, and no accepted point again", () => {
  const seen: string[] = [];
  const watched: Objective = {
    value: (x) => {
      seen.push(array(stopGradient(x)).join());
      return rosenbrock.value(x);
    },
  };
  const { losses } = minimize(watched, { optimizer: lbfgsLineSearch(), from: vector([-1.2, 1]), steps: 15, rng: createRng(1) });
  expect(new Set(seen).size).toBe(seen.length);
  expect(losses).toHaveLength(seen.length);
});

it("L-BFGS whose history outlasts the run goes where it goes with twice the history", () => {
  const { x: a } = minimize(rosenbrock, {
    optimizer: lbfgsLineSearch({ history: 30 }),
    from: vector([-1.2, 1]),
    steps: 25,
    rng: createRng(1),
  });
  const { x: b } = minimize(rosenbrock, {
    optimizer: lbfgsLineSearch({ history: 60 }),
    from: vector([-1.2, 1]),
    steps: 25,
    rng: createRng(1),
  });
  const { x: c } = minimize(rosenbrock, {
    optimizer: lbfgsLineSearch({ history: 2 }),
    from: vector([-1.2, 1]),
    steps: 25,
    rng: createRng(1),
  });
  expect([...array(a)]).toEqual([...array(b)]);
  expect([...array(a)]).not.toEqual([...array(c)]);
});
