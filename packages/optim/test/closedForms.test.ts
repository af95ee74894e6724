import { adam, descend, type GradientTransform, momentum, type Objective, type Optimizer, rmsprop, sgd, yogi } from "@lodo/optim";
import {
  array,
  createRng,
  dot,
  item,
  map,
  matmul,
  mul,
  normal,
  type Params,
  ravel,
  type Scalar,
  scale,
  slice,
  sub,
  sum,
  type Vector,
  vector,
  zeros,
} from "@lodo/tensor";
import { casesFactor, eigenvalues, expectNear, norm2, quadratic, rowsOf, suiteSeed } from "@lodo/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const search = { numRuns: 25 * casesFactor(process.env), seed: suiteSeed(process.env) };

/** A method as its authors print it, on one coordinate: from g_t, t = 1, 2, …, to the change of x. */
type Rule = () => (g: number) => number;

interface Method {
  readonly transform: GradientTransform<Vector, unknown>;
  readonly rule: Rule;
}

type Drawn = { readonly η: number; readonly a: number; readonly b: number };

/** Each method built from a rate and two decays, beside its formulas in plain numbers. */
const methods: Readonly<Record<string, (drawn: Drawn) => Method>> = {
  sgd: ({ η }) => ({
    transform: sgd({ learningRate: η }),
    rule: () => (g) => -η * g,
  }),
  momentum: ({ η, a: μ }) => ({
    transform: momentum({ learningRate: η, momentum: μ }),
    rule: () => {
      let v = 0;
      return (g) => {
        v = μ * v - η * g;
        return v;
      };
    },
  }),
  rmsprop: ({ η, a: ρ, b: μ }) => ({
    transform: rmsprop({ learningRate: η, rho: ρ, momentum: μ }),
    rule: () => {
      let [s, v] = [0, 0];
      return (g) => {
        s = ρ * s + (1 - ρ) * g ** 2;
        v = μ * v + (η * g) / Math.sqrt(s + 1e-7);
        return -v;
      };
    },
  }),
  adam: ({ η, a: β1, b: β2 }) => ({
    transform: adam({ learningRate: η, b1: β1, b2: β2 }),
    rule: () => {
      let [m, v, t] = [0, 0, 0];
      return (g) => {
        t++;
        m = β1 * m + (1 - β1) * g;
        v = β2 * v + (1 - β2) * g * g;
        return ((-η * Math.sqrt(1 - power(β2, t))) / (1 - power(β1, t))) * (m / (Math.sqrt(v) + 1e-7));
      };
    },
  }),
  yogi: ({ η, a: β1, b: β2 }) => ({
    transform: yogi({ learningRate: η, b1: β1, b2: β2 }),
    rule: () => {
      let [m, v] = [0, 0];
      return (g) => {
        m = β1 * m + (1 - β1) * g;
        v = v - (1 - β2) * Math.sign(v - g * g) * g * g;
        return (-η * m) / (Math.sqrt(v) + 1e-3);
      };
    },
  }),
};

/** βᵗ by multiplication. */
const power = (β: number, t: number): number => Array.from({ length: t }, () => β).reduce((a, b) => a * b, 1);

const drawnCase = fc.record({
  η: fc.constantFrom(1e-3, 0.02, 0.3),
  a: fc.constantFrom(0, 0.3, 0.9, 0.99),
  b: fc.constantFrom(0, 0.5, 0.9, 0.999),
  n: fc.integer({ min: 1, max: 6 }),
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
});

const STEPS = 60;

describe.each(Object.entries(methods))("%s", (_, build) => {
  /**
   * Both sides do the same dozen operations a step in some order of association, each off by ε of its result; the state forgets by its decays, so
   * that 60 steps add up to at most 60 · 12 ε of the sum of the steps.
   */
  const roundings = STEPS * 12 * 2 ** -52;

  it("takes the steps of its formulas, on given gradients with zeros among them", () => {
    fc.assert(
      fc.property(drawnCase, ({ n, seed, ...drawn }) => {
        const { transform, rule } = build(drawn);
        const rng = createRng(seed);
        const rules = Array.from({ length: n }, rule);
        let state = transform.init(zeros([n]));
        for (let t = 0; t < STEPS; t++) {
          const g = Array.from({ length: n }, () => (rng.uniform() < 0.2 ? 0 : rng.normal()));
          const [Δ, next] = transform.update(vector(g), state, zeros([n]));
          state = next;
          const expected = rules.map((step, i) => step(g[i] as number));
          expectNear(`step ${t + 1}`, array(Δ), expected, roundings * (1 + drawn.η) * (1 + norm2(expected)));
        }
      }),
      search,
    );
  });

  /**
   * Methods that divide by the gradient's size magnify rounding where it is small. How much is measured on the formulas alone: κ_t is the distance
   * from a path that is disturbed by δ N(0, 1) at every step, over δ. A step of either side is off by a dozen ε; 8 for the luck of three draws. Where
   * a path is chaotic (Yogi's sign jumps) it says nothing any more: from κ = 10⁵ on it is left, which most never are.
   */
  it("follows the path of its formulas on a loss, to the rounding that the path magnifies", () => {
    const δ = 1e-10;
    let [compared, possible] = [0, 0];
    fc.assert(
      fc.property(drawnCase, ({ n, seed, ...drawn }) => {
        const { transform, rule } = build({ ...drawn, η: drawn.η / 10 });
        const rng = createRng(seed);
        const { H, c, x0 } = quadratic(rng, n);
        const [rows, centre] = [rowsOf(H), [...array(c)]];
        const formulas = (disturbance: () => number): readonly number[][] => {
          const rules = Array.from({ length: n }, rule);
          let x = [...array(x0)];
          return Array.from({ length: STEPS }, () => {
            const r = x.map((xᵢ, i) => xᵢ - (centre[i] as number));
            const g = rows.map((row) => row.reduce((s, h, j) => s + h * (r[j] as number), 0));
            x = x.map((xᵢ, i) => xᵢ + (rules[i] as (g: number) => number)(g[i] as number) + disturbance());
            return x;
          });
        };
        const path = formulas(() => 0);
        const disturbed = [1, 2, 3].map((i) => {
          const noise = rng.split(i);
          return formulas(() => δ * noise.normal());
        });
        const optimizer = descend(transform);
        const f: Objective = { value: (x) => scale(0.5, dot(sub(x, c), matmul(H, sub(x, c)))) };
        let [x, state, κ] = [x0, optimizer.init(x0, createRng(1)), 1];
        possible += STEPS;
        for (const [t, expected] of path.entries()) {
          ({ x, state } = optimizer.update(f, x, state));
          const apart = disturbed.map((other) => norm2(expected.map((xᵢ, i) => xᵢ - (other[t]?.[i] as number))));
          κ = Math.max(κ, ...apart.map((distance) => distance / δ));
          if (κ > 1e5) return;
          expectNear(`x after step ${t + 1}`, array(x), expected, 8 * 12 * 2 ** -52 * κ * (1 + norm2(expected)));
          compared++;
        }
      }),
      search,
    );
    expect(compared / possible).toBeGreaterThan(0.7);
  });

  it("moves a tree as it moves the tree's numbers laid end to end, to the bit", () => {
    const { transform } = build({ η: 0.1, a: 0.9, b: 0.99 });
    const onTrees = transform as unknown as GradientTransform<Params, unknown>;
    const rng = createRng(5);
    const params = (): Params => ({ a: normal(rng, [2, 3]), rest: [normal(rng, []), normal(rng, [0, 2]), normal(rng, [4])] });
    const p = params();
    let [ofTree, ofVector] = [onTrees.init(p), transform.init(ravel(p).x)];
    for (let t = 0; t < 5; t++) {
      const g = params();
      const [Δ, nextOfTree] = onTrees.update(g, ofTree, p);
      const [δ, nextOfVector] = transform.update(ravel(g).x, ofVector, ravel(p).x);
      [ofTree, ofVector] = [nextOfTree, nextOfVector];
      expect([...array(ravel(Δ).x)]).toEqual([...array(δ)]);
    }
  });

  it("reports the loss at x_t, before its step", () => {
    const optimizer: Optimizer<unknown> = descend(build({ η: 0.1, a: 0.9, b: 0.99 }).transform);
    const f: Objective = { value: (x) => sum(mul(x, x)) as Scalar };
    const x = vector([1, 2]);
    const { evaluations } = optimizer.update(f, x, optimizer.init(x, createRng(1)));
    expect(evaluations.map(item)).toEqual([5]);
  });
});

describe("memory of past gradients, when the gradient is zero from some step on", () => {
  const coast = (transform: GradientTransform<Vector, unknown>, steps: number): readonly number[] => {
    let [, state] = transform.update(vector([1]), transform.init(zeros([1])), zeros([1]));
    return Array.from({ length: steps }, () => {
      const [Δ, next] = transform.update(vector([0]), state, zeros([1]));
      state = next;
      return item(Δ);
    });
  };

  it("sgd stops at once", () => {
    expect(coast(sgd({ learningRate: 0.1 }), 3)).toEqual([-0, -0, -0]);
  });

  it.each([
    ["momentum", momentum<Vector>({ learningRate: 0.5, momentum: 0.5 })],
    ["rmsprop", rmsprop<Vector>({ learningRate: 0.5, momentum: 0.5, rho: 0 })],
  ])("%s coasts on, by its decay less each step", (_, transform) => {
    const steps = coast(transform, 4);
    steps.slice(1).forEach((Δ, i) => {
      expect(Δ / (steps[i] as number)).toBe(0.5);
    });
  });

  it.each([
    ["adam", adam<Vector>({ learningRate: 0.5 })],
    ["yogi", yogi<Vector>({ learningRate: 0.5 })],
  ])("%s coasts on with its first moment, ever more slowly", (_, transform) => {
    const steps = coast(transform, 200);
    expect(Math.max(...steps)).toBeLessThan(0);
    expect(Math.abs(steps.at(-1) ?? 1)).toBeLessThan(1e-4 * Math.abs(steps[0] ?? 0));
  });
});

describe("on a quadratic, in the eigenbasis of H", () => {
  /** Each coordinate is a linear recurrence of its own; 80 steps of it are off by 80 · 8 ε. */
  const tolerance = 80 * 8 * 2 ** -52;

  const diagonalCase = fc.record({
    η: fc.constantFrom(0.1, 0.5, 1),
    μ: fc.constantFrom(0, 0.5, 0.9),
    λ: fc.array(fc.constantFrom(0.001, 0.03, 0.5, 1), { minLength: 1, maxLength: 5 }),
    seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  });

  it("sgd is x_t = (1 − η λ)ᵗ x₀, and heavy ball x_{t+1} = (1 + μ − η λ) x_t − μ x_{t−1}", () => {
    fc.assert(
      fc.property(diagonalCase, ({ η, μ, λ, seed }) => {
        const f: Objective = { value: (x) => scale(0.5, dot(x, mul(vector(λ), x))) };
        const x0 = normal(createRng(seed), [λ.length]);
        const path = (optimizer: Optimizer<unknown>): readonly Vector[] => {
          let [x, state] = [x0, optimizer.init(x0, createRng(1))];
          return Array.from({ length: 80 }, () => {
            ({ x, state } = optimizer.update(f, x, state));
            return x;
          });
        };
        const start = [...array(x0)];
        path(descend(sgd({ learningRate: η }))).forEach((x, t) => {
          const expected = start.map((x, i) => power(1 - η * (λ[i] as number), t + 1) * x);
          expectNear(`sgd at ${t + 1}`, array(x), expected, tolerance * norm2(start));
        });
        let [before, now] = [start, start];
        path(descend(momentum({ learningRate: η, momentum: μ }))).forEach((x, t) => {
          const next = now.map((x, i) => (1 + μ - η * (λ[i] as number)) * x - μ * (before[i] as number));
          [before, now] = [now, next];
          expectNear(`momentum at ${t + 1}`, array(x), now, (tolerance * 4 * norm2(start)) / (1 - μ));
        });
      }),
      search,
    );
  });

  it("heavy ball converges at √μ where (1 − √(ηλ))² ≤ μ", () => {
    const μ = 0.81;
    const { objective, H, c, x0 } = quadratic(createRng(3), 6);
    expect(Math.min(...eigenvalues(rowsOf(H)))).toBeGreaterThan(0.2);
    const optimizer = descend(momentum<Vector>({ learningRate: 0.5, momentum: μ }));
    let [x, state] = [x0, optimizer.init(x0, createRng(1))];
    const distances = Array.from({ length: 120 }, () => {
      ({ x, state } = optimizer.update(objective, x, state));
      return norm2(array(sub(x, c)));
    });
    // Oscillating, so over forty steps; ‖x‖ ≤ C (1 + t) μ^{t/2} leaves a factor of two.
    const rate = (distances[119] as number) / (distances[79] as number);
    expect(rate).toBeLessThan(2 * power(0.9, 40));
    expect(rate).toBeGreaterThan(0.1 * power(0.9, 40));
  });
});

it("a transform is independent of where its parameters stand", () => {
  const transform = adam<Vector>();
  const g = vector([1, -2]);
  const [here] = transform.update(g, transform.init(zeros([2])), zeros([2]));
  const [there] = transform.update(g, transform.init(vector([5, 6])), vector([5, 6]));
  expect([...array(here)]).toEqual([...array(there)]);
  expect([...array(map((t) => slice(t, { stop: [1] }), here))]).toEqual([array(here)[0]]);
});
