import { descend, lars, minimize, optimizers } from "@lodo/optim";
import {
  ArgumentError,
  array,
  createRng,
  type Layout,
  layoutOf,
  mul,
  normal,
  ones,
  ShapeError,
  sum,
  type Vector,
  vector,
  zeros,
} from "@lodo/tensor";
import { casesFactor, expectNear, norm2, suiteSeed } from "@lodo/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** A block of weights and biases, a second one, and an array of its own: elements 0–5, 6–8 and 9–10. */
const layout: Layout = layoutOf({
  block1: { weights: zeros([2, 2]), biases: zeros([2]) },
  block2: { inner: { weights: zeros([3]) } },
  embedding: zeros([2]),
});
const layers = [
  [0, 6],
  [6, 9],
  [9, 11],
] as const;

const search = { numRuns: 40 * casesFactor(process.env), seed: suiteSeed(process.env) };
const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const options = { layout, steps: 20, learningRate: 0.1, momentum: 0.5, weightDecay: 0.3 };
/** So small that it changes no sum. */
const without = { ...options, weightDecay: Number.MIN_VALUE };
const step = (transform: ReturnType<typeof lars>, g: Vector, x: Vector): readonly number[] => [
  ...array(transform.update(g, transform.init(x), x)[0]),
];

it("takes the steps of its formula, layer by layer, to the end of its schedule and beyond", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const rng = createRng(seed);
      const transform = lars(options);
      let state = transform.init(zeros([11]));
      let v = Array.from({ length: 11 }, () => 0);
      for (let t = 0; t < 24; t++) {
        const [x, g] = [normal(rng, [11]), normal(rng, [11])];
        const left = Math.max(0, 1 - t / 20);
        for (const [start, stop] of layers) {
          const [xs, gs] = [x, g].map((tensor) => [...array(tensor)].slice(start, stop)) as [number[], number[]];
          const r = norm2(xs) / (norm2(gs) + 0.3 * norm2(xs));
          v = v.map((vᵢ, i) =>
            i < start || i >= stop ? vᵢ : 0.5 * vᵢ + 0.1 * left * left * r * ((gs[i - start] as number) + 0.3 * (xs[i - start] as number)),
          );
        }
        const [Δ, next] = transform.update(g, state, x);
        state = next;
        // Twenty operations a step, remembered twice over, of ε of numbers up to 5.
        expectNear(
          `step ${t}`,
          [...array(Δ)],
          v.map((vᵢ) => -vᵢ),
          2 * 20 * 5 * 2 ** -52,
        );
      }
    }),
    search,
  );
});

it("without weight decay does not see the scale of the gradient, even where its squares overflow", () => {
  fc.assert(
    fc.property(seeds, fc.constantFrom(-900, -60, 1, 60, 900), (seed, exponent) => {
      const [x, g] = [normal(createRng(seed), [11]), normal(createRng(seed).split("g"), [11])];
      const transform = lars(without);
      expect(step(transform, mul(2 ** exponent, g) as Vector, x)).toEqual(step(transform, g, x));
    }),
    search,
  );
});

it("moves a layer in proportion to its weights, whatever the other layers do", () => {
  const [x, g] = [ones([11]), ones([11])];
  const longer = vector(Array.from({ length: 11 }, (_, i) => (i < 6 ? 8 : 1)));
  const [before, after] = [step(lars(without), g, x), step(lars(without), g, longer)];
  expect(after).toEqual(before.map((Δ, i) => (i < 6 ? 8 * Δ : Δ)));
  // η ‖x‖/‖g‖ g
  expectNear(
    "first step",
    before,
    Array.from({ length: 11 }, () => -0.1),
    1e-15,
  );
});

describe("where a norm is zero the ratio is 1", () => {
  it("at x = 0: a step of gradient descent, so that the layer can leave it", () => {
    const x = vector([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    const Δ = step(lars(options), ones([11]), x);
    expectNear(
      "the layer at 0",
      Δ.slice(0, 6),
      Array.from({ length: 6 }, () => -0.1),
      1e-16,
    );
    expect(Δ.every(Number.isFinite)).toBe(true);
  });

  it("at g = 0: plain weight decay", () => {
    const g = vector([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    const Δ = step(lars(options), g, ones([11]));
    expectNear(
      "the layer without gradient",
      Δ.slice(0, 6),
      Array.from({ length: 6 }, () => -0.1 * 0.3),
      1e-16,
    );
  });

  it("at both: it stays", () => {
    expect(step(lars(options), zeros([11]), zeros([11])).map(Math.abs)).toEqual(Array.from({ length: 11 }, () => 0));
  });

  it("NaN in one layer stays in that layer", () => {
    const g = vector(Array.from({ length: 11 }, (_, i) => (i === 7 ? Number.NaN : 1)));
    const clean = step(lars(options), ones([11]), ones([11]));
    const Δ = step(lars(options), g, ones([11]));
    expect(Δ[7]).toBeNaN();
    expect(Δ.filter((_, i) => i < 6 || i > 8)).toEqual(clean.filter((_, i) => i < 6 || i > 8));
  });
});

it("stands still once the run's length has passed and its velocity is spent", () => {
  const optimizer = descend(lars({ ...options, momentum: 0, steps: 5 }));
  const f = { value: (x: Vector) => sum(mul(x, x)) };
  const run = (steps: number): readonly number[] => [...array(minimize(f, { optimizer, from: ones([11]), steps, rng: createRng(1) }).x)];
  expect(run(9)).toEqual(run(5));
  expect(run(5)).not.toEqual(run(4));
});

describe("registered", () => {
  const registered = optimizers.find(({ id }) => id === "lars");
  const problem = { dim: 11, rng: createRng(1), layout, steps: 7 };
  const lastFactor = (values: Readonly<Record<string, number>>, steps: number): number => {
    const optimizer = registered?.create(problem, { momentum: 0, ...values }) as ReturnType<typeof descend>;
    const f = { value: (x: Vector) => sum(x) };
    const path = Array.from({ length: steps + 1 }, (_, n) => minimize(f, { optimizer, from: ones([11]), steps: n, rng: createRng(1) }).x);
    return Math.abs((path[steps]?.storage.data[0] as number) - (path[steps - 1]?.storage.data[0] as number));
  };

  it("ends its schedule with the run, or where it is told", () => {
    expect(lastFactor({}, 7)).toBeGreaterThan(0);
    expect(lastFactor({}, 8)).toBe(0);
    expect(lastFactor({ steps: 3 }, 3)).toBeGreaterThan(0);
    expect(lastFactor({ steps: 3 }, 4)).toBe(0);
  });

  it.each([
    [
      "a task without layers",
      { dim: 11, rng: problem.rng, steps: 7 },
      "lars: needs to know which slices of x are layers, and this task has no layout",
    ],
    ["a run without a length", { dim: 11, rng: problem.rng, layout }, "lars: needs the run's length, and this run has none"],
    ["a layout of another size", { ...problem, dim: 12 }, "lars: expected a layout of 12 elements, as x has, got one of 11"],
  ])("refuses %s", (_, what, message) => {
    expect(() => registered?.create(what, {})).toThrow(ArgumentError);
    expect(() => registered?.create(what, {})).toThrow(message);
  });

  it("takes a length that is told where the run has none", () => {
    expect(registered?.create({ dim: 11, rng: problem.rng, layout }, { steps: 5 })).toBeDefined();
  });
});

describe("refuses", () => {
  const slices = (...given: [path: string, start: number, size: number][]): Layout => ({
    size: 4,
    slices: given.map(([path, start, size]) => ({ path, start, shape: [size] })),
  });
  it.each<[string, Layout, number, string]>([
    [
      "slices with a gap",
      slices(["a", 0, 2], ["b", 3, 1]),
      1,
      'lars: layout: expected slice "b" to start at 2, where those before it end, got 3',
    ],
    ["a run of 0 steps", layout, 0, "lars: steps must be an integer of at least 1, got 0"],
    ["a run of half a step", layout, 0.5, "got 0.5"],
  ])("%s", (_, given, steps, message) => {
    expect(() => lars({ layout: given, steps })).toThrow(ArgumentError);
    expect(() => lars({ layout: given, steps })).toThrow(message);
  });

  it("an x of another length", () => {
    const transform = lars(options);
    const state = transform.init(zeros([11]));
    expect(() => transform.init(zeros([4]))).toThrow("lars: expected x of length 11 (the layout's size), got 4");
    expect(() => transform.update(zeros([4]), state, zeros([4]))).toThrow(ShapeError);
  });
});
