import { readFileSync } from "node:fs";
import {
  adam,
  clipByNorm,
  clipByValue,
  cosine,
  decoupledWeightDecay,
  descend,
  type GradientTransform,
  joinSchedules,
  l2Penalty,
  momentum,
  type Objective,
  polynomial,
  rmsprop,
  type Schedule,
  scaleBySchedule,
  sequence,
  stepDecay,
  warmUp,
} from "@lodo/optim";
import { add, array, createRng, dot, leaves, matmul, matrix, mul, type Params, scale, sub, sum, type Vector, vector } from "@lodo/tensor";
import { expectNear } from "@lodo/testkit";
import { describe, expect, it } from "vitest";

/** What PyTorch computed: see torch.py beside the file. */
interface Golden {
  readonly H: readonly number[][];
  readonly b: readonly number[];
  readonly x0: readonly number[];
  readonly trajectories: Readonly<Record<string, readonly number[][]>>;
  readonly clipByNorm: readonly { readonly max: number; readonly before: number[][]; readonly after: number[][]; readonly norm: number }[];
  readonly schedules: Readonly<Record<string, readonly number[]>>;
}

const golden = JSON.parse(readFileSync(new URL("../../../test/golden/torch.json", import.meta.url), "utf8")) as Golden;

const [H, b] = [matrix(golden.H), vector(golden.b)];
/** f(x) = ½ xᵀHx − bᵀx + ¼ Σ x⁴ */
const f: Objective = {
  value: (x) => sub(add(scale(0.5, dot(x, matmul(H, x))), scale(0.25, sum(mul(mul(x, x), mul(x, x))))), dot(b, x)),
};

/** 40 steps of at most 50 operations, each off by ε of numbers up to 5, on paths that contract. */
const tolerance = 40 * 50 * 5 * 2 ** -52;

function follow(name: string, at: (t: number) => GradientTransform<Vector, unknown>): void {
  const path = golden.trajectories[name] as readonly number[][];
  expect(path).toHaveLength(40);
  let x: Vector = vector(golden.x0);
  let state = descend(at(0)).init(x, createRng(1));
  for (const [t, expected] of path.entries()) {
    ({ x, state } = descend(at(t)).update(f, x, state));
    expectNear(`x after step ${t + 1}`, array(x), expected, tolerance);
  }
}

const heavyBall = momentum<Vector>({ learningRate: 0.02, momentum: 0.8 });
/** Where PyTorch adds no ε, ours is too small to change a sum. */
const nothing = { eps: 1e-300 };
const [β1, β2] = [0.8, 0.95];
const adaptive = adam<Vector>({ learningRate: 0.05, b1: β1, b2: β2, ...nothing });
/** PyTorch's decay is a factor of the rate, ours the whole share. */
const decayed = decoupledWeightDecay<Vector>({ weightDecay: 0.05 * 0.4 });

describe("PyTorch's trajectory", () => {
  it.each<[string, GradientTransform<Vector, unknown>]>([
    ["momentum", heavyBall],
    ["momentumWithL2", sequence(l2Penalty<Vector>({ weightDecay: 0.3 }), heavyBall)],
    ["momentumWithClippedValues", sequence(clipByValue<Vector>({ max: 0.7 }), heavyBall)],
    ["momentumWithCosine", sequence(heavyBall, scaleBySchedule<Vector>(cosine({ steps: 40 })))],
    ["rmsprop", rmsprop({ learningRate: 0.01, rho: 0.9, momentum: 0.5, ...nothing })],
    ["adam", adaptive],
    ["adamW", sequence(adaptive, decayed)],
    ["adamWWithStep", sequence(adaptive, decayed, scaleBySchedule<Vector>(stepDecay({ every: 10, factor: 0.5 })))],
  ])("%s", (name, transform) => follow(name, () => transform));

  it("adam with ε, which PyTorch adds to the corrected √ν: √(1 − β₂ᵗ) times that is ours", () => {
    const rootOfCorrection = (t: number): number => Math.sqrt(1 - Array.from({ length: t + 1 }, () => β2).reduce((p, q) => p * q, 1));
    follow("adamWithEps", (t) => adam({ learningRate: 0.05, b1: β1, b2: β2, eps: 0.1 * rootOfCorrection(t) }));
  });
});

it.each(golden.clipByNorm)("clip_grad_norm_ at $max of a tree of norm $norm", ({ max, before, after, norm }) => {
  const tree: Params = before.map((numbers) => vector(numbers));
  const [clipped] = clipByNorm<Params>({ max }).update(tree, null, tree);
  // PyTorch divides by ‖g‖ + 1e-6 and we by ‖g‖; the rest is a handful of roundings.
  const correction = norm > max ? (norm + 1e-6) / norm : 1;
  for (const [i, leaf] of leaves(clipped).entries()) {
    const expected = (after[i] as number[]).map((g) => g * correction);
    expectNear(`tensor ${i}`, array(leaf), expected, 16 * 2 ** -52 * norm);
  }
});

describe("PyTorch's schedule", () => {
  it.each<[string, Schedule]>([
    ["stepDecay", stepDecay({ every: 7, factor: 0.3 })],
    ["cosine", cosine({ steps: 20 })],
    ["cosineToATenth", cosine({ steps: 20, end: 0.1 })],
    ["warmUp", warmUp({ steps: 8, start: 0.25 })],
    ["polynomial", polynomial({ steps: 12, power: 2.5 })],
    ["line", polynomial({ steps: 12 })],
    ["warmUpThenCosine", joinSchedules([warmUp({ steps: 5, start: 0.1 }), cosine({ steps: 15 })], { at: [5] })],
  ])("%s", (name, schedule) => {
    const factors = golden.schedules[name] as readonly number[];
    // It multiplies up from step to step: up to 30 factors off by 8 ε each, of numbers up to 1.
    expectNear(
      name,
      factors.map((_, t) => schedule(t)),
      factors,
      30 * 8 * 2 ** -52,
    );
  });
});
