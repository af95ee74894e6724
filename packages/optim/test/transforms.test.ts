import {
  adam,
  clipByNorm,
  clipByValue,
  constant,
  cosine,
  decoupledWeightDecay,
  descend,
  type GradientTransform,
  joinSchedules,
  l2Penalty,
  lodo,
  minimize,
  momentum,
  polynomial,
  type RegisteredOptimizer,
  scaleBySchedule,
  sequence,
  sgd,
  stepDecay,
  warmUp,
} from "@lodo/optim";
import { complete, count, diagonal, type Hyperparameters, rate, type ValuesOf } from "@lodo/preconditioner";
import {
  ArgumentError,
  array,
  createRng,
  item,
  leaves,
  mul,
  normal,
  type Params,
  ravel,
  sum,
  type Vector,
  vector,
  zeros,
} from "@lodo/tensor";
import { casesFactor, conformsToOptimizer, expectNear, norm2, suiteSeed } from "@lodo/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const search = { numRuns: 30 * casesFactor(process.env), seed: suiteSeed(process.env) };
const anySeed = fc.integer({ min: 1, max: 2 ** 31 - 1 });

function composition<H extends Hyperparameters>(
  id: string,
  hyperparameters: H,
  build: (values: ValuesOf<H>) => GradientTransform<Vector, unknown>,
): RegisteredOptimizer {
  return {
    id,
    summary: "a composition",
    reference: "a test",
    hyperparameters,
    tunable: [],
    create: (_, values) => descend(build(complete(id, hyperparameters, values))),
  };
}

const η = rate(0.05, "η");
const steps = count(150, 1, "T");
const weightDecay = rate(1e-3, "λ");

const compositions = [
  composition("clipped-adam-cosine", { max: rate(1, "max"), learningRate: η, steps }, ({ max, learningRate, steps }) =>
    sequence(clipByNorm<Vector>({ max }), adam({ learningRate }), scaleBySchedule(cosine({ steps }))),
  ),
  composition("penalised-momentum-warm-up", { weightDecay, learningRate: η, steps }, ({ weightDecay, learningRate, steps }) => {
    const schedule = joinSchedules([warmUp({ steps: 5 }), polynomial({ steps, power: 2 })], { at: [5] });
    return sequence(l2Penalty<Vector>({ weightDecay }), scaleBySchedule(schedule), momentum({ learningRate }));
  }),
  composition("value-clipped-adamw-step", { max: rate(1, "max"), weightDecay, every: count(40, 1, "T") }, ({ max, weightDecay, every }) =>
    sequence(
      clipByValue<Vector>({ max }),
      adam({ learningRate: 0.05 }),
      decoupledWeightDecay({ weightDecay }),
      scaleBySchedule(stepDecay({ every, factor: 0.5 })),
    ),
  ),
];

for (const optimizer of compositions) conformsToOptimizer({ describe, it }, optimizer, { cases: 8, seed: suiteSeed(process.env) });

/** A tree of three tensors, the numbers up to `size` in absolute value or so. */
function tree(seed: number, size = 1): Params {
  const rng = createRng(seed);
  return { a: mul(size, normal(rng, [2, 3])), rest: [mul(size, normal(rng, [])), zeros([0, 2]), mul(size, normal(rng, [4]))] } as Params;
}
const numbers = (t: Params): readonly number[] => [...array(ravel(t).x)];
const apply = (transform: GradientTransform<Params, null>, g: Params, x: Params = g): readonly number[] =>
  numbers(transform.update(g, null, x)[0]);

/** A dozen roundings. */
const close = (of: number): number => 12 * 2 ** -52 * of;

describe("clipByNorm", () => {
  it("shortens to the largest norm and keeps the direction, and lets a shorter tree through to the bit", () => {
    fc.assert(
      fc.property(anySeed, fc.constantFrom(1e-170, 1e-3, 1, 1e3, 1e170), fc.constantFrom(0.1, 0.9, 1.1, 10), (seed, size, share) => {
        const g = tree(seed, size);
        const flat = numbers(g);
        const norm = size * norm2(flat.map((x) => x / size));
        const clipped = apply(clipByNorm({ max: share * norm }), g);
        if (share > 1) expect(clipped).toEqual(flat);
        else
          expectNear(
            "clipped",
            clipped,
            flat.map((x) => x * share),
            close(norm * share),
          );
      }),
      search,
    );
  });

  it.each([
    ["zeros", [0, -0, 0], [0, -0, 0]],
    ["NaN", [1, Number.NaN, 30], [1, Number.NaN, 30]],
    ["infinities", [1, Number.NEGATIVE_INFINITY, 30], [1, Number.NEGATIVE_INFINITY, 30]],
    ["numbers whose squares overflow", [3e300, -4e300, 0], [0.6, -0.8, 0]],
    ["numbers whose squares vanish", [3e-300, -4e-300, 0], [3e-300, -4e-300, 0]],
  ])("on %s", (_, g, expected) => {
    for (const [i, x] of apply(clipByNorm({ max: 1 }), vector(g)).entries()) {
      if (Number.isFinite(expected[i])) expect(x).toBeCloseTo(expected[i] as number, 15);
      else expect(x).toBe(expected[i]);
    }
  });
});

it("clipByValue limits every number, and leaves NaN", () => {
  expect(apply(clipByValue({ max: 2 }), vector([3, -3, 1, Number.NaN, Number.NEGATIVE_INFINITY, -0]))).toEqual([
    2,
    -2,
    1,
    Number.NaN,
    -2,
    -0,
  ]);
});

it("weight decay adds λ x to the gradient, or takes λ x from the step", () => {
  fc.assert(
    fc.property(anySeed, fc.constantFrom(1e-4, 0.1, 2), (seed, λ) => {
      const [g, x] = [tree(seed), tree(seed + 1)];
      const [flatG, flatX] = [numbers(g), numbers(x)];
      const moved = (sign: number): readonly number[] => flatG.map((gᵢ, i) => gᵢ + sign * λ * (flatX[i] as number));
      expectNear("l2Penalty", apply(l2Penalty({ weightDecay: λ }), g, x), moved(1), close(10));
      expectNear("decoupledWeightDecay", apply(decoupledWeightDecay({ weightDecay: λ }), g, x), moved(-1), close(10));
    }),
    search,
  );
});

it("with plain gradient descent the two decays are one: λ in the gradient is η λ in the step", () => {
  const [g, x] = [vector([1, -2]), vector([3, 5])];
  const coupled = sequence(l2Penalty<Vector>({ weightDecay: 0.25 }), sgd<Vector>({ learningRate: 0.5 }));
  const decoupled = sequence(sgd<Vector>({ learningRate: 0.5 }), decoupledWeightDecay<Vector>({ weightDecay: 0.125 }));
  const [one, other] = [coupled, decoupled].map((t) => array(t.update(g, [null, null], x)[0]));
  expect(one).toEqual(other);
  expect([...(one as Float64Array)]).toEqual([-0.875, 0.375]);
});

describe("schedules", () => {
  it.each([
    ["constant", constant({ factor: 0.5 }), [0.5, 0.5, 0.5, 0.5, 0.5]],
    ["stepDecay", stepDecay({ every: 2, factor: 0.5 }), [1, 1, 0.5, 0.5, 0.25]],
    ["warmUp", warmUp({ steps: 4 }), [0, 0.25, 0.5, 0.75, 1, 1]],
    ["warmUp from above 0", warmUp({ steps: 2, start: 0.5 }), [0.5, 0.75, 1, 1]],
    ["polynomial", polynomial({ steps: 4, power: 2 }), [1, 0.5625, 0.25, 0.0625, 0, 0]],
    ["polynomial to above 0", polynomial({ steps: 2, end: 0.5 }), [1, 0.75, 0.5, 0.5]],
    ["cosine", cosine({ steps: 3, end: 0.2 }), [1, 0.8, 0.4, 0.2, 0.2]],
    ["joined where they differ", joinSchedules([constant({ factor: 0.5 }), stepDecay({ every: 1 })], { at: [2] }), [0.5, 0.5, 1, 0.1]],
    ["joined", joinSchedules([warmUp({ steps: 2 }), constant(), polynomial({ steps: 2 })], { at: [2, 4] }), [0, 0.5, 1, 1, 1, 0.5, 0]],
  ])("%s", (_, schedule, expected) => {
    expectNear(
      "factors",
      expected.map((_, t) => schedule(t)),
      expected,
      close(1),
    );
  });

  it("stay between their ends, and there once they have passed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.constantFrom(0, 0.3, 0.99), fc.nat({ max: 200 }), (T, a, t) => {
        for (const schedule of [cosine({ steps: T, end: a }), polynomial({ steps: T, end: a, power: 3 })]) {
          expect(schedule(0)).toBe(1);
          expect(schedule(t)).toBeGreaterThanOrEqual(a);
          expect(schedule(t)).toBeGreaterThanOrEqual(schedule(t + 1));
          expect(schedule(T + t)).toBe(a);
        }
        expect(warmUp({ steps: T, start: a })(0)).toBe(a);
        expect(warmUp({ steps: T, start: a })(T + t)).toBe(1);
      }),
      search,
    );
  });
});

describe("a schedule and a velocity", () => {
  /** Rate 1 for two steps, then 0; the gradient is 1 throughout. */
  const falling = scaleBySchedule<Vector>(stepDecay({ every: 2, factor: 1e-30 }));
  const steps = (transform: GradientTransform<Vector, unknown>): readonly number[] => {
    let state = transform.init(zeros([1]));
    return [0, 1, 2, 3].map(() => {
      const [Δ, next] = transform.update(vector([1]), state, zeros([1]));
      state = next;
      return item(Δ);
    });
  };
  const heavyBall = momentum<Vector>({ learningRate: 1, momentum: 0.5 });

  it("after it: the fall stops x at once", () => {
    expectNear("steps", steps(sequence(heavyBall, falling)), [-1, -1.5, 0, 0], 1e-25);
  });

  it("before it: x coasts on with what it remembers", () => {
    expectNear("steps", steps(sequence(falling, heavyBall)), [-1, -1.5, -0.75, -0.375], 1e-25);
  });

  it("before a method that divides by the gradient's size it does next to nothing", () => {
    const normalised = adam<Vector>({ learningRate: 1, eps: 1e-300 });
    const scaled = sequence(scaleBySchedule<Vector>(constant({ factor: 1e-3 })), normalised);
    expectNear("steps", steps(scaled), steps(normalised), 1e-12);
  });
});

describe("sequence", () => {
  it("hands each stage what the former gave, and every stage x", () => {
    const seen: unknown[] = [];
    const spy = (name: string, by: number): GradientTransform<Vector, number> => ({
      name,
      init: () => 0,
      update(g, t, x) {
        seen.push([name, item(g), t, item(x)]);
        return [mul(g, by) as Vector, t + 1];
      },
    });
    const both = sequence(spy("a", 2), spy("b", 5));
    expect(both.name).toBe("a → b");
    const [Δ, state] = both.update(vector([3]), both.init(zeros([1])), vector([7]));
    expect([item(Δ), state]).toEqual([30, [1, 1]]);
    both.update(vector([4]), state, vector([8]));
    expect(seen).toEqual([
      ["a", 3, 0, 7],
      ["b", 6, 0, 7],
      ["a", 4, 1, 8],
      ["b", 8, 1, 8],
    ]);
  });

  it("nests to the same bits", () => {
    const [a, b, c] = [clipByNorm<Vector>({ max: 0.1 }), adam<Vector>(), scaleBySchedule<Vector>(cosine({ steps: 9 }))];
    const run = (transform: GradientTransform<Vector, unknown>) =>
      minimize({ value: (x) => sum(mul(x, x)) }, { optimizer: descend(transform), from: vector([1, -2]), steps: 9, rng: createRng(1) });
    expect(array(run(sequence(sequence(a, b), c)).x)).toEqual(array(run(sequence(a, b, c)).x));
    expect(array(run(sequence(a, sequence(b, c))).x)).toEqual(array(run(sequence(a, b, c)).x));
  });

  it("is a meta-optimizer as well: its types follow", () => {
    const meta = sequence(clipByNorm<Vector>({ max: 1 }), adam<Vector>(), scaleBySchedule<Vector>(cosine({ steps: 50 })));
    const { losses } = minimize(
      { value: (x) => sum(mul(x, x)) },
      { optimizer: lodo(diagonal({ dim: 2, alpha0: 0.1 }), { meta }), from: vector([1, -2]), steps: 50, rng: createRng(1) },
    );
    expect(losses.at(-1)).toBeLessThan(0.01 * (losses[0] as number));
  });

  it("moves every tensor of a tree by its own numbers", () => {
    const x = tree(3);
    const both = sequence(clipByNorm<Params>({ max: 1e9 }), sgd<Params>({ learningRate: 0.5 }));
    const [Δ] = both.update(x, both.init(x), x);
    expect(leaves(Δ).map(({ shape }) => shape)).toEqual(leaves(x).map(({ shape }) => shape));
    expect(numbers(Δ)).toEqual(numbers(x).map((g) => -0.5 * g));
  });
});

describe("refuses", () => {
  it.each<[string, () => unknown, string]>([
    ["a norm of 0", () => clipByNorm({ max: 0 }), "clipByNorm: max must be a finite number above 0, got 0"],
    ["a norm without bound", () => clipByNorm({ max: Number.POSITIVE_INFINITY }), "got Infinity"],
    ["a negative value", () => clipByValue({ max: -1 }), "clipByValue: max must be a finite number above 0, got -1"],
    ["a decay of NaN", () => l2Penalty({ weightDecay: Number.NaN }), "l2Penalty: weightDecay must be a finite number above 0, got NaN"],
    [
      "a negative decay",
      () => decoupledWeightDecay({ weightDecay: -0.1 }),
      "decoupledWeightDecay: weightDecay must be a finite number above 0",
    ],
    ["a length in halves", () => cosine({ steps: 1.5 }), "cosine: steps must be an integer of at least 1, got 1.5"],
    ["no length", () => cosine({} as never), "cosine: steps must be an integer of at least 1, got NaN"],
    ["a length of 0", () => warmUp({ steps: 0 }), "warmUp: steps must be an integer of at least 1, got 0"],
    ["a start of 1", () => warmUp({ steps: 1, start: 1 }), "warmUp: start must be a number in [0, 1), got 1"],
    ["an end above 1", () => polynomial({ steps: 1, end: 2 }), "polynomial: end must be a number in [0, 1), got 2"],
    ["a power of 0", () => polynomial({ steps: 1, power: 0 }), "polynomial: power must be a finite number above 0, got 0"],
    [
      "an unknown option",
      () => stepDecay({ every: 1, gamma: 2 } as never),
      'stepDecay: has no option "gamma"; its options are every, factor',
    ],
    ["a factor of 0", () => constant({ factor: 0 }), "constant: factor must be a finite number above 0, got 0"],
    ["no stages", () => sequence(), "sequence: expected at least one transform, got none"],
    [
      "an optimizer as a stage",
      () => sequence(descend(sgd()) as never),
      "sequence: expected a gradient transform as stage 0, got the optimizer sgd",
    ],
    ["nothing as a stage", () => sequence(sgd(), undefined as never), "as stage 1, got undefined"],
    ["a number for a schedule", () => scaleBySchedule(0.1 as never), "scaleBySchedule: expected a function of t, got 0.1"],
    [
      "schedules without steps between",
      () => joinSchedules([constant(), constant()], { at: [] }),
      "expected 1 steps between 2 schedules, got 0",
    ],
    [
      "steps out of order",
      () => joinSchedules([constant(), constant(), constant()], { at: [5, 5] }),
      "at[1] must be an integer above 5, got 5",
    ],
    ["a step of 0", () => joinSchedules([constant(), constant()], { at: [0] }), "at[0] must be an integer above 0, got 0"],
  ])("%s", (_, f, message) => {
    expect(f).toThrow(ArgumentError);
    expect(f).toThrow(message);
  });

  it.each([Number.NaN, -0.5, Number.POSITIVE_INFINITY])("a schedule that gives %d, naming the step", (factor) => {
    const transform = scaleBySchedule<Vector>((t) => (t < 2 ? 1 : factor));
    expect(() => transform.update(vector([1]), { t: 1 }, vector([1]))).not.toThrow();
    expect(() => transform.update(vector([1]), { t: 2 }, vector([1]))).toThrow(
      `scaleBySchedule: expected a finite factor of at least 0 at t = 2, got ${factor}`,
    );
  });
});
