import { type Optimizer, optimizers, type StopReason } from "@lodo/optim";
import { matrixOperator } from "@lodo/preconditioner";
import { add, array, createArena, createRng, dot, item, matrix, type Params, solve, vector } from "@lodo/tensor";
import { describe, expect, it } from "vitest";
import type { JobContext } from "../src/experiments/experiment.ts";
import { preconditionerOf } from "../src/experiments/inverseErrorRecorder.ts";
import { inverseHessianError, unitVectors } from "../src/experiments/inverseHessianError.ts";
import { perturbed, withinRounding } from "../src/experiments/perturbedValues.ts";
import { configurationOf, runTrial, type Trial, trialOf } from "../src/experiments/trial.ts";
import { execute, startOf } from "../src/run/execute.ts";
import { simulate } from "../src/run/simulate.ts";
import { advance, begin, streams } from "../src/simulation.ts";
import { rosenbrock } from "../src/tasks/rosenbrock.ts";
import { tunedValues } from "../src/tunedValues.ts";

const context: JobContext = { tick: () => {}, untimed: (f) => f() };

const trial = (over: Partial<Trial>): Trial => ({
  name: "lodo",
  column: "loss",
  seed: 0,
  evaluations: 60,
  task: "noisy-quadratic-bowl",
  taskValues: { dim: 12 },
  values: tunedValues("noisy-quadratic-bowl", over.name ?? "lodo"),
  record: {},
  ...over,
});

describe("a trial", () => {
  it("scores the mean loss over 0.9 T < i < T", () => {
    const values = tunedValues("rosenbrock", "adam");
    const { score, curve } = runTrial(
      trial({ name: "adam", task: "rosenbrock", taskValues: {}, values, evaluations: 40, record: { curve: { spacing: "each" } } }),
      context,
    );
    const random = streams(0);
    const task = rosenbrock();
    const adam = optimizers.find(({ id }) => id === "adam")?.create({ dim: 2, rng: random.structure }, values);
    if (!adam) throw new Error("adam is registered");
    const losses: number[] = [];
    const arena = createArena();
    for (let snapshot = begin(task, adam, random); losses.length < 40; ) {
      const step = advance(task, adam, snapshot, arena);
      losses.push(...step.losses);
      snapshot = step.snapshot;
    }
    expect(curve?.map(({ loss }) => loss)).toEqual(losses);
    // i = 37, 38, 39
    expect(score).toBe(((losses[36] as number) + (losses[37] as number) + (losses[38] as number)) / 3);
  });

  it("has a mean at first sight where a draw is evaluated again: over the first evaluation of each step", () => {
    const { score, firstSight, curve } = runTrial(trial({ name: "o-lbfgs", record: { curve: { spacing: "each" } } }), context);
    const scored = (curve ?? []).filter(({ step }) => step > 54 && step < 60);
    const mean = (points: typeof scored): number => points.reduce((sum, { loss }) => sum + loss, 0) / points.length;
    expect(score).toBe(mean(scored));
    expect(firstSight).toBe(mean(scored.filter(({ step }) => step % 2 === 1)));
    expect(firstSight).toBeGreaterThan(score as number);
    expect(runTrial(trial({}), context)).not.toHaveProperty("firstSight");
  });

  it("has the same bits whatever is recorded", () => {
    const bare = runTrial(trial({}), context);
    const record = { curve: { spacing: "each" }, trajectory: true, inverseError: { spacing: "linear", count: 20 } } as const;
    const recorded = runTrial(trial({ record }), context);
    expect(recorded.score).toBe(bare.score);
    expect(recorded.trajectory).toHaveLength(61);
    expect(recorded.inverseError?.map(({ step }) => step)).toEqual([0, ...Array.from({ length: 20 }, (_, i) => 3 * (i + 1))]);
  });

  it("records the evaluation at which it diverged, and no score", () => {
    const wild = { name: "momentum", values: { learningRate: 1e150, momentum: 0.9 }, record: { curve: { spacing: "each" } } } as const;
    const { score, divergedAt, curve } = runTrial(trial(wild), context);
    expect(score).toBeNull();
    expect(divergedAt).toBeGreaterThan(1);
    expect(curve).toHaveLength((divergedAt as number) - 1);
  });

  it.each([
    // Both try points at which the loss is not finite, and go back.
    { name: "l-bfgs-line-search", task: "mgh-box", taskValues: { factor: 10 }, values: {}, evaluations: 70 },
    { name: "levenberg-marquardt-residual", task: "mgh-box", taskValues: { factor: 10 }, values: {}, evaluations: 9 },
    { name: "momentum", task: "rosenbrock", taskValues: {}, values: { learningRate: 1e6, momentum: 0.9 }, evaluations: 30 },
    { name: "o-lbfgs", task: "rosenbrock", taskValues: {}, values: { learningRate: 1e150 }, evaluations: 30 },
    { name: "adam", task: "rosenbrock", taskValues: {}, values: {}, evaluations: 30 },
  ])("ends as the run does that it is: $name on $task", async (over) => {
    const { score, divergedAt } = runTrial(trial(over), context);
    const configuration = configurationOf(trial(over), over.evaluations);
    const simulation = simulate(configuration);
    const summary = await execute({ configuration, simulation, from: startOf(simulation), folder: null });
    expect({ score, divergedAt }).toEqual({ score: summary?.meanTailLoss, divergedAt: summary?.diverged });
  });

  it("has no mean of the trial points that a method refused", () => {
    const over = { name: "l-bfgs-line-search", task: "mgh-box", taskValues: { factor: 10 }, values: {}, evaluations: 70 };
    const { divergedAt, curve = [] } = runTrial(trial({ ...over, record: { curve: { spacing: "each" } } }), context);
    expect(divergedAt).toBeNull();
    expect(curve.length).toBeLessThan(70);
    expect(curve.every(({ loss }) => Number.isFinite(loss))).toBe(true);
    expect(curve.at(-1)?.step).toBe(70);
  });

  it("says which name is wrong", () => {
    expect(() => runTrial(trial({ name: "nobody" }), context)).toThrow(/nobody/);
    expect(() => runTrial(trial({ task: "nowhere" }), context)).toThrow(/nowhere/);
  });
});

describe("an optimizer that stops", () => {
  /** Walks (1, 1) a step, until it stops on its sixth. */
  const walker = (kind: StopReason["kind"]): Optimizer<number> => ({
    name: "walker",
    requires: new Set(),
    init: () => 1,
    update: (objective, x, n) => ({
      x: n === 6 ? x : add(x, vector([1, 1])),
      state: n + 1,
      evaluations: [objective.value(x)],
      ...(n === 6 ? { stop: { kind, detail: "walker: tired" } } : {}),
    }),
  });
  const walk = (kind: StopReason["kind"], evaluations: number) => {
    const [task, optimizer] = [rosenbrock(), walker(kind)];
    const record = { curve: { spacing: "each" }, trajectory: true } as const;
    return trialOf({ task, optimizer, start: begin(task, optimizer, streams(0)) }, trial({ evaluations, record }), context);
  };
  const lossAt = (x: number, y: number): number =>
    item(
      rosenbrock()
        .draw(null, createRng(0))[0]
        .value(vector([x, y])),
    );

  it("has converged: it stays where it is, and its loss there counts", () => {
    const { score, divergedAt, stopped, curve, trajectory } = walk("converged", 20);
    expect([score, divergedAt, stopped]).toEqual([lossAt(4.5, 7), null, undefined]);
    expect(curve?.slice(4).map(({ loss }) => loss)).toEqual([lossAt(3.5, 6), ...Array(15).fill(lossAt(4.5, 7))]);
    expect(trajectory?.slice(-2)).toEqual(Array(2).fill([4.5, 7]));
  });

  it("could not go on: where and why is on record, and no score", () => {
    const { score, divergedAt, stopped, curve } = walk("singular-hessian", 20);
    expect([score, divergedAt]).toEqual([null, null]);
    expect(stopped).toEqual({ at: 6, reason: { kind: "singular-hessian", detail: "walker: tired" } });
    expect(curve).toHaveLength(6);
  });

  it("is none the worse for it at the last evaluation", () => {
    const { score, stopped } = walk("singular-hessian", 6);
    // i = 6 is the only one in 0.9 T < i, and T itself is not scored: nothing is.
    expect([score, stopped]).toEqual([null, undefined]);
    expect(walk("line-search-failed", 7).stopped?.at).toBe(6);
  });
});

describe("the inverse-Hessian error", () => {
  const H = matrix([
    [2, 1],
    [1, 3],
  ]);
  const A = matrix([
    [1, -1],
    [0.5, 2],
  ]);

  it("is ‖I − G H‖_F / √n: exactly so over an orthonormal basis", () => {
    // I − A H = [[1 − 1, 0 − (−2)], [0 − 3, 1 − 6.5]]: squares 0 + 4 + 9 + 30.25, n = 2
    const basis = [vector([1, 0]), vector([0, 1])];
    expect(inverseHessianError(matrixOperator(A), H, basis)).toBeCloseTo(Math.sqrt(43.25 / 2), 12);
  });

  it("is estimated by random unit vectors", () => {
    const vectors = unitVectors(createRng(3), 4000, 2);
    for (const v of vectors.slice(0, 20)) expect(item(dot(v, v))).toBeCloseTo(1, 12);
    // ‖(I − G H) v‖² lies in [0, 43.25]; its mean over 4000 draws is within 5·43.25/(2√4000) = 1.7 of 21.6, so the root within 4%.
    const estimated = inverseHessianError(matrixOperator(A), H, vectors);
    expect(Math.abs(estimated / Math.sqrt(43.25 / 2) - 1)).toBeLessThan(0.04);
  });

  it("is 0 for the inverse", () => {
    const inverse = solve(
      H,
      matrix([
        [1, 0],
        [0, 1],
      ]),
    ) as typeof H;
    expect(inverseHessianError(matrixOperator(inverse), H, unitVectors(createRng(1), 10, 2))).toBeLessThan(1e-15);
  });

  it("is of the G that the run steps by: x_{t+1} = x_t − G(θ_t) m_t", () => {
    const random = streams(5);
    const task = rosenbrock();
    const values = { ...tunedValues("rosenbrock", "lodo"), depth: 3 };
    const registered = optimizers.find(({ id }) => id === "lodo");
    const optimizer = registered?.create({ dim: 2, rng: random.structure }, values);
    if (!optimizer) throw new Error("lodo is registered");
    const G = preconditionerOf(2, optimizer, values);
    const arena = createArena();
    let snapshot = begin(task, optimizer, random);
    for (let t = 0; t < 8; t++) {
      const { theta, m } = snapshot.optimizer as { readonly theta: Params; readonly m: ReturnType<typeof vector> };
      const expected = array(snapshot.x).map((x, i) => x - (array(G.at(theta).apply(m))[i] as number));
      snapshot = advance(task, optimizer, snapshot, arena).snapshot;
      // One subtraction of the same numbers on both sides.
      expect([...array(snapshot.x)]).toEqual([...expected]);
    }
  });
});

describe("perturbed values", () => {
  const values = { learningRate: 0.004318, rho: 0.02836, momentum: 0.88, kind: "name" };
  const decimals = { learningRate: 6, rho: 5, momentum: 3 };

  it("print as the values do, and differ from seed to seed", () => {
    for (let seed = 0; seed < 200; seed++) {
      const near = withinRounding(values, decimals, seed);
      for (const [key, digits] of Object.entries(decimals)) {
        expect(Number(near[key]).toFixed(digits)).toBe(Number(values[key as keyof typeof decimals]).toFixed(digits));
      }
      expect(near["kind"]).toBe("name");
    }
    expect(withinRounding(values, decimals, 0)).not.toEqual(withinRounding(values, decimals, 1));
    expect(withinRounding(values, decimals, 7)).toEqual(withinRounding(values, decimals, 7));
  });

  it("change by at most the fraction asked for", () => {
    for (let seed = 0; seed < 50; seed++) {
      const { momentum } = perturbed(values, 1e-3, seed);
      expect(Math.abs(Number(momentum) / 0.88 - 1)).toBeLessThanOrEqual(1e-3);
      expect(momentum).not.toBe(0.88);
    }
  });
});
