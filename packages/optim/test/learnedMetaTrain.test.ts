import {
  type AdamState,
  adam,
  deserialize,
  type Episode,
  type GradientTransform,
  type L2lbgdbgdState,
  type L2lbgdbgdWeights,
  l2lbgdbgd,
  l2lbgdbgdWeights,
  type MetaTraining,
  metaTrain,
  type Objective,
  serialize,
  sgd,
  type Task,
} from "@lodo/optim";
import {
  add,
  array,
  createRng,
  dot,
  item,
  leaves,
  matmul,
  mul,
  neg,
  normal,
  type Params,
  type Scalar,
  scalar,
  scale,
  sub,
  sum,
  type Tensor,
  type Vector,
  valueAndGrad,
  vector,
  zeros,
} from "@lodo/tensor";
import { expectClose, expectSameBits, expectSlope, quadratic, relativeDirection } from "@lodo/testkit";
import { describe, expect, it } from "vitest";
import { unroll } from "../src/learned/metaTrain.ts";

/** Quadratics whose centre takes a random step before every loss. */
function wandering(n: number, seed: number): Task<Vector> {
  const { H, x0 } = quadratic(createRng(seed), n);
  return {
    name: "wandering",
    dim: n,
    init: () => ({ x: x0, state: zeros([n]) }),
    draw(centre, rng) {
      const c = add(centre, normal(rng, [n]));
      const objective: Objective = { value: (x) => scale(0.5, dot(sub(x, c), matmul(H, sub(x, c)))) };
      return [objective, c];
    },
  };
}

/** The next losses of a task. */
function drawAll(task: Task<Vector>, count: number): readonly Objective[] {
  const rng = createRng(5);
  let state = task.init(rng).state;
  return Array.from({ length: count }, () => {
    const [objective, next] = task.draw(state, rng);
    state = next;
    return objective;
  });
}

const gradientOf = (objective: Objective, x: Vector): Vector => valueAndGrad((x: Vector) => objective.value(x))(x)[1];

describe("the derivative of an unrolled run", () => {
  const [K, n] = [4, 3];
  const weights = l2lbgdbgdWeights(createRng(1), { layers: 2, hidden: 3 });
  // Steps of the size of the distance, so that all that meets in the loss matters.
  const optimizer = (weights: L2lbgdbgdWeights): GradientTransform<Vector, L2lbgdbgdState> =>
    l2lbgdbgd<Vector>({ weights, outputScale: 1 });
  const task = wandering(n, 2);
  const x0 = task.init(createRng(0)).x;
  const [first, ...rest] = drawAll(task, K + 1) as [Objective, ...Objective[]];
  const from = { x: x0, state: optimizer(weights).init(x0), objective: first };

  it("is that of the same run with its gradients replayed: they are constants", () => {
    // The run once, its gradients kept.
    const seen: Vector[] = [];
    const watching = optimizer(weights);
    unroll(
      {
        ...watching,
        update(g, state, x) {
          seen.push(g);
          return watching.update(g, state, x);
        },
      },
      from,
      rest,
    );
    const replayed = (φ: Params): Scalar => {
      const transform = optimizer(φ as L2lbgdbgdWeights);
      let { x, state } = from;
      let total: Scalar = scalar(0);
      for (const [t, next] of rest.entries()) {
        const [Δ, after] = transform.update(seen[t] as Vector, state, x);
        x = add(x, Δ);
        state = after;
        total = add(total, next.value(x));
      }
      return scale(1 / K, total);
    };
    const [loss, gradient] = valueAndGrad((φ: L2lbgdbgdWeights) => unroll(optimizer(φ), from, rest).loss)(weights);
    expect(item(loss)).toBe(item(replayed(weights)));
    for (const seed of [1, 2, 3]) {
      const u = relativeDirection(createRng(seed), weights);
      const products = leaves(gradient).map((g, i) => mul(g, leaves(u)[i] as Tensor));
      const got = products.reduce((s, p) => s + item(sum(p)), 0);
      const terms = products.reduce((s, p) => s + Array.from(array(p)).reduce((a, b) => a + Math.abs(b), 0), 0);
      // Four steps of two layers, some twenty operations deep each.
      expectSlope("the slope of the loss", got, { f: replayed, p: weights, u, terms, roundings: K * 2 * 20 });
    }
  });
});

/** SGD whose rate is what is learned: Δ = −η g. */
const learnedRate = (η: Scalar): GradientTransform<Vector, readonly Tensor[]> => ({
  name: "learned rate",
  init: () => [],
  update: (g) => [neg(mul(g, η)), []],
});

const rateTraining = (
  options: Partial<MetaTraining<Scalar, readonly Tensor[], null>> = {},
): MetaTraining<Scalar, readonly Tensor[], null> => ({
  weights: scalar(0.1),
  optimizer: learnedRate,
  episode: (rng) => ({ task: wandering(3, rng.integer(1000)), steps: 12 }),
  unroll: 4,
  updates: 9,
  meta: () => sgd<Scalar>({ learningRate: 0.01 }),
  rng: createRng(7),
  ...options,
});

const ratesOf = (training: MetaTraining<Scalar, readonly Tensor[], null>): readonly number[] =>
  [...metaTrain(training)].map(({ weights }) => item(weights));

describe("metaTrain", () => {
  it("descends d/dη of the mean loss, which for Δ = −η g is −1/K Σ_t g_t · Σ_{s<t} g_s", () => {
    const [K, α] = [4, 0.01];
    const training = rateTraining({ updates: 1 });
    const gradients: Vector[] = [];
    const objectives: Objective[] = [];
    const watched = (episode: Episode): Episode => ({
      ...episode,
      task: {
        ...episode.task,
        draw: (state, rng) => {
          const [objective, next] = episode.task.draw(state, rng);
          objectives.push(objective);
          return [objective, next];
        },
      },
    });
    let start = vector([]);
    const [η] = ratesOf({
      ...training,
      episode: (rng, update) => {
        const episode = watched(training.episode(rng, update));
        start = episode.task.init(rng).x;
        return episode;
      },
    });
    let x = start;
    for (const objective of objectives) {
      const g = gradientOf(objective, x);
      gradients.push(g);
      x = sub(x, scale(0.1, g));
    }
    expect(gradients.length).toBe(K + 1);
    const slope = gradients.reduce(
      (total, g, t) => total - gradients.slice(0, t).reduce((inner, before) => inner + item(dot(g, before)), 0) / K,
      0,
    );
    // Some twenty products of a dozen terms, each of at most 100.
    expectClose("η after one update", η ?? Number.NaN, 0.1 - α * slope, 1e3 * 2 ** -52);
  });

  it("goes on from update to update, in one episode after the other", () => {
    const begun: number[] = [];
    const training = rateTraining();
    const counted: typeof training = {
      ...training,
      episode: (rng, update) => {
        begun.push(update);
        return training.episode(rng, update);
      },
    };
    const rates = ratesOf(counted);
    // Episodes of twelve steps, updates of four.
    expect(begun).toEqual([0, 3, 6]);
    expect(new Set(rates).size).toBe(9);
    expectSameBits("the same training again", ratesOf(rateTraining()), rates);
    expectSameBits("a shorter one", ratesOf(rateTraining({ updates: 4 })), rates.slice(0, 4));
    expect(ratesOf(rateTraining({ rng: createRng(8) }))).not.toEqual(rates);
  });

  it("goes on from wherever it stood, in an episode or between two, to the same bits", () => {
    const all = [...metaTrain(rateTraining())];
    const rates = all.map(({ weights }) => item(weights));
    expect(all.map(({ state }) => state.episode?.begun)).toEqual([0, 0, undefined, 3, 3, undefined, 6, 6, undefined]);
    for (const [k, { state }] of all.entries()) {
      const saved = deserialize(serialize(state)) as unknown as typeof state;
      const rest = [...metaTrain(rateTraining(), saved)];
      expect(rest.map(({ update }) => update)).toEqual(all.slice(k + 1).map(({ update }) => update));
      expectSameBits(
        `weights from update ${k + 1} on`,
        rest.map(({ weights }) => item(weights)),
        rates.slice(k + 1),
      );
    }
  });

  it("goes on with the network's memory and Adam's moments", () => {
    const training: MetaTraining<L2lbgdbgdWeights, L2lbgdbgdState, AdamState<L2lbgdbgdWeights>> = {
      weights: l2lbgdbgdWeights(createRng(3), { layers: 1, hidden: 2 }),
      optimizer: (weights) => l2lbgdbgd<Vector>({ weights }),
      episode: (rng) => ({ task: wandering(3, rng.integer(1000)), steps: 9 }),
      unroll: 2,
      updates: 8,
      meta: () => adam<L2lbgdbgdWeights>({ learningRate: 0.03 }),
      rng: createRng(4),
    };
    const all = [...metaTrain(training)];
    const losses = all.map(({ loss }) => loss);
    for (const [k, { state }] of all.entries()) {
      const saved = deserialize(serialize(state)) as unknown as typeof state;
      const rest = [...metaTrain(training, saved)].map(({ loss }) => loss);
      expectSameBits(`losses from update ${k + 1} on`, rest, losses.slice(k + 1));
    }
  });

  it("hands out weights that stay", () => {
    const all = [...metaTrain(rateTraining())];
    const during = [...metaTrain(rateTraining())].map(({ weights }) => item(weights));
    expect(all.map(({ weights }) => item(weights))).toEqual(during);
  });

  it("leaves an update without finite losses out, and its episode", () => {
    const begun: number[] = [];
    const training = rateTraining();
    const spoilt: typeof training = {
      ...training,
      episode(rng, update) {
        begun.push(update);
        const { task, steps } = training.episode(rng, update);
        const draw: Task["draw"] = (state, rng) => {
          const [{ value }, next] = task.draw(state, rng);
          return [{ value: (x) => scale(update === 3 ? Number.NaN : 1, value(x)) }, next];
        };
        return { task: { ...task, draw }, steps };
      },
    };
    const updates = [...metaTrain(spoilt)];
    expect(begun).toEqual([0, 3, 4, 7]);
    expect(updates.map(({ loss }) => Number.isNaN(loss))).toEqual([false, false, false, true, false, false, false, false, false]);
    expect(item(updates[3]?.weights as Scalar)).toBe(item(updates[2]?.weights as Scalar));
    expect(updates.every(({ weights }) => Number.isFinite(item(weights)))).toBe(true);
  });

  it("lowers the loss of a small network on quadratics", () => {
    const updates = 150;
    const losses = [
      ...metaTrain({
        weights: l2lbgdbgdWeights(createRng(3), { layers: 1, hidden: 4 }),
        optimizer: (weights: L2lbgdbgdWeights) => l2lbgdbgd<Vector>({ weights }),
        episode: (rng) => ({ task: wandering(4, rng.integer(1000)), steps: 40 }),
        unroll: 4,
        updates,
        meta: () => adam<L2lbgdbgdWeights>({ learningRate: 0.03 }),
        rng: createRng(4),
      }),
    ].map(({ loss }) => loss);
    const mean = (part: readonly number[]): number => part.reduce((a, b) => a + b, 0) / part.length;
    expect(mean(losses.slice(-50))).toBeLessThan(0.5 * mean(losses.slice(0, 50)));
  });

  it("refuses what is no count", () => {
    const run = (options: Partial<MetaTraining<Scalar, readonly Tensor[], null>>) => () => ratesOf(rateTraining(options));
    expect(run({ unroll: 0 })).toThrow("metaTrain: unroll must be an integer of at least 1, got 0");
    expect(run({ updates: -1 })).toThrow("metaTrain: updates must be an integer of at least 0, got -1");
    expect(run({ episode: () => ({ task: wandering(2, 1), steps: 0.5 }) })).toThrow(
      "steps of an episode must be an integer of at least 1, got 0.5",
    );
    expect(ratesOf(rateTraining({ updates: 0 }))).toEqual([]);
  });
});
