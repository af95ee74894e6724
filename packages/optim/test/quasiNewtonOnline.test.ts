import { bfgs, bfgsCorrected, lbfgs, lbfgsCorrected, type Objective, type Optimizer, olbfgs, olbfgsCorrected } from "@lodo/optim";
import {
  add,
  array,
  createArena,
  createRng,
  dot,
  grad,
  item,
  matmul,
  mul,
  normal,
  scale,
  sub,
  TensorError,
  tensorsIn,
  type Vector,
  vector,
  zeros,
} from "@lodo/tensor";
import { expectNear, norm2, quadratic } from "@lodo/testkit";
import { describe, expect, it } from "vitest";

const n = 20;
const λ = vector(Array.from({ length: n }, (_, i) => 1 / (1 + 40 * (i / (n - 1)))));

/** Losses over a noisy bowl, ½ (x − c)ᵀ diag(λ) (x − c), whose centre takes a step N(0, I) before each draw; by step, every evaluation of it. */
function bowlRun(optimizer: Optimizer<unknown>, steps: number): readonly (readonly number[])[] {
  const rng = createRng(11);
  const arena = createArena();
  let centre = zeros([n]);
  let [x, state] = [zeros([n]), optimizer.init(zeros([n]), createRng(1))];
  return Array.from({ length: steps }, () => {
    centre = add(centre, normal(rng, [n]));
    const loss: Objective = { value: (x) => scale(0.5, dot(sub(x, centre), mul(λ, sub(x, centre)))) };
    const update = arena.run(() => optimizer.update(loss, x, state), tensorsIn, tensorsIn({ x, state }));
    ({ x, state } = update);
    return update.evaluations.map(item);
  });
}

const mean = (losses: readonly number[]): number => losses.reduce((a, b) => a + b, 0) / losses.length;

/** The mean loss over the last half of a run. */
const settled = (losses: readonly (readonly number[])[]): number => mean(losses.slice(losses.length / 2).flat());

describe("on a noisy bowl", () => {
  const steps = 600;
  /** ½ tr H: what jumping to the centre of the last draw would cost. */
  const optimum = 0.5 * Array.from(array(λ)).reduce((a, b) => a + b, 0);

  it.each<readonly [string, Optimizer<unknown>]>([
    ["l-bfgs at the paper's values", lbfgs({ learningRate: 1.204, tau: 23002 })],
    ["l-bfgs-corrected", lbfgsCorrected()],
    ["o-lbfgs at the paper's values", olbfgs({ learningRate: 1.05, tau: 36721 })],
    ["o-lbfgs-corrected", olbfgsCorrected()],
    ["bfgs-corrected", bfgsCorrected()],
  ])("%s tracks the centre, with two evaluations a step", (_, optimizer) => {
    const losses = bowlRun(optimizer, steps);
    expect(new Set(losses.map(({ length }) => length))).toEqual(new Set([2]));
    // Standing still would cost ½ t tr H, 300 optima in the middle of the last half.
    expect(settled(losses)).toBeLessThan(10 * optimum);
  });

  it("bfgs as the paper ran it loses the centre, with one evaluation a step", () => {
    const losses = bowlRun(bfgs(), steps);
    expect(new Set(losses.map(({ length }) => length))).toEqual(new Set([1]));
    expect(settled(losses)).toBeGreaterThan(100 * optimum);
  });
});

it("bfgs as the paper ran it learns from gradients of two draws: H (∇ℓ₂(x₂) − ∇ℓ₁(x₁)) = x₂ − x₁", () => {
  const [first, second] = [1, 2].map((seed) => quadratic(createRng(seed), 3));
  if (!first || !second) throw new Error("no losses");
  const optimizer = bfgs();
  const { x, state } = optimizer.update(first.objective, first.x0, optimizer.init(first.x0, createRng(1)));
  const { H } = optimizer.update(second.objective, x, state).state.memory;
  const y = sub(grad((x: Vector) => second.objective.value(x))(x), grad((x: Vector) => first.objective.value(x))(first.x0));
  const s = sub(x, first.x0);
  // (1 + ‖s‖‖y‖/sᵀy)² bounds what the update magnifies, as H₀ = I.
  const growth = (1 + (norm2(array(s)) * norm2(array(y))) / Math.abs(item(dot(s, y)))) ** 2;
  expectNear("H y", array(matmul(H, y)), array(s), 100 * 2 ** -52 * growth * norm2(array(y)));
});

describe("steps of L-BFGS on draws", () => {
  it("start at −η₀ ε g, and have the rate η₀ τ/(τ + t)", () => {
    const { objective, x0 } = quadratic(createRng(3), 4);
    const gradient = grad((x: Vector) => objective.value(x));
    const optimizer = lbfgs({ learningRate: 0.5, tau: 1, epsilon: 0.125 });
    const first = optimizer.update(objective, x0, optimizer.init(x0, createRng(1)));
    // x − η₀ ε g, both products exact in binary
    expect([...array(first.x)]).toEqual([...array(sub(x0, scale(0.0625, gradient(x0))))]);
    // With one pair, H y = s: where the gradient is y, the step is −η₁ s with η₁ = ½ · 1/(1 + 1).
    const [pair] = first.state.memory.pairs;
    const along: Objective = { value: (x) => dot(x, pair?.y as Vector) };
    const second = optimizer.update(along, first.x, first.state);
    const step = array(sub(second.x, first.x));
    expectNear("step", step, array(scale(-0.25, pair?.s as Vector)), 100 * 2 ** -52 * norm2(array(first.x)));
  });

  it.each([
    ["l-bfgs", 1, lbfgs],
    ["l-bfgs-corrected", 0, lbfgsCorrected],
    ["o-lbfgs", 1, olbfgs],
    ["o-lbfgs-corrected", 0, olbfgsCorrected],
  ] as const)("%s on negative curvature keeps %i pairs", (name, kept, make) => {
    const optimizer = make();
    expect(optimizer.name).toBe(name);
    const concave: Objective = { value: (x) => scale(-0.5, dot(x, x)) };
    const { state } = optimizer.update(concave, vector([1, 2]), optimizer.init(vector([1, 2]), createRng(1)));
    expect(state.memory.pairs).toHaveLength(kept);
  });

  it("l-bfgs scales by the oldest s with the newest y, l-bfgs-corrected by the newest pair, o-lbfgs by the mean", () => {
    const { objective, x0 } = quadratic(createRng(4), 5);
    for (const [make, γ] of [
      [lbfgs, (s: Vector, y: Vector, yy: number) => item(dot(s, y)) / yy],
      [lbfgsCorrected, null],
      [olbfgs, null],
    ] as const) {
      const optimizer = make({ learningRate: 0.3 });
      let [x, state] = [x0, optimizer.init(x0, createRng(1))];
      for (let t = 0; t < 4; t++) ({ x, state } = optimizer.update(objective, x, state));
      const { pairs, gamma } = state.memory;
      const [oldest, newest] = [pairs[0], pairs.at(-1)];
      if (!oldest || !newest) throw new Error("no pairs");
      const expected = γ
        ? γ(oldest.s, newest.y, newest.yy)
        : make === olbfgs
          ? mean(pairs.map(({ sy, yy }) => sy / yy))
          : newest.sy / newest.yy;
      expect(gamma).toBeCloseTo(expected, 14);
    }
  });

  it("in float32 a first step too short to be seen is followed by longer ones", () => {
    const { objective, x0 } = quadratic(createRng(6), 4, "float32");
    const optimizer = lbfgsCorrected();
    let [x, state] = [x0, optimizer.init(x0, createRng(1))];
    for (let t = 0; t < 40; t++) ({ x, state } = optimizer.update(objective, x, state));
    expect(item(objective.value(x))).toBeLessThan(1e-6 * item(objective.value(x0)));
  });

  it("refuses an x that is not of its pairs' length and dtype, naming both", () => {
    const { objective, x0 } = quadratic(createRng(7), 4);
    const optimizer = olbfgs();
    const { state } = optimizer.update(objective, x0, optimizer.init(x0, createRng(1)));
    expect(() => optimizer.update(objective, zeros([5]), state)).toThrow("o-lbfgs: expected x of length 4 as its state has, got shape [5]");
    expect(() => optimizer.update(objective, zeros([4], { dtype: "float32" }), state)).toThrow(
      "o-lbfgs: expected x of float64 as its state has, got float32",
    );
    expect(() => optimizer.update(objective, zeros([5]), state)).toThrow(TensorError);
  });

  it("is not the same from a cold start in the middle", () => {
    const { objective, x0 } = quadratic(createRng(8), 4);
    const optimizer = olbfgs({ learningRate: 0.3 });
    let [x, state] = [x0, optimizer.init(x0, createRng(1))];
    for (let t = 0; t < 3; t++) ({ x, state } = optimizer.update(objective, x, state));
    const [warm, cold] = [state, optimizer.init(x, createRng(1))].map((s) => array(optimizer.update(objective, x, s).x));
    expect(warm).not.toEqual(cold);
  });
});
