import { add, array, createRng, mul, normal, slice, sub, sum, type Vector, vector } from "@lodo/tensor";
import { describe, expect, it } from "vitest";
import { adam } from "../src/adam.ts";
import { minimize } from "../src/minimize.ts";
import { newton } from "../src/newton.ts";
import type { Objective } from "../src/objective.ts";
import { descend, type Optimizer } from "../src/optimizer.ts";
import { sgd } from "../src/sgd.ts";

const bowl: Objective = { value: (x) => sum(mul(x, x)) };
const run = { steps: 20, rng: createRng(1) };

describe("minimize", () => {
  it("descends, and counts a loss a step", () => {
    const { x, losses } = minimize(bowl, { optimizer: descend(sgd({ learningRate: 0.25 })), from: vector([1, -2]), ...run });
    expect(losses).toEqual(Array.from({ length: 20 }, (_, t) => 5 / 4 ** t));
    expect(array(x)).toEqual(Float64Array.of(2 ** -20, -2 * 2 ** -20));
  });

  it("leaves x₀ usable, also where the state is the last x or a view of it", () => {
    const halving = (init: (x: Vector) => unknown): Optimizer => ({
      name: "halving",
      requires: new Set(),
      init,
      update: (_, x) => ({ x: mul(x, 0.5), state: init(x), evaluations: [] }),
    });
    for (const init of [(x: Vector) => ({ previous: x }), (x: Vector) => ({ half: slice(x, { stop: [1] }) })]) {
      const from = vector([1, 2]);
      const { x } = minimize(bowl, { optimizer: halving(init), from, ...run });
      expect(array(from)).toEqual(Float64Array.of(1, 2));
      expect(array(x)).toEqual(Float64Array.of(2 ** -20, 2 ** -19));
    }
  });

  it("leaves where it starts usable, be it what an earlier run ended with", () => {
    const first = minimize(bowl, { optimizer: descend(sgd({ learningRate: 0.25 })), from: vector([1, -2]), ...run, steps: 1 });
    const kept = first.x;
    const trained: Optimizer<{ readonly θ: Vector }> = {
      name: "trained",
      requires: new Set(),
      init: () => ({ θ: kept }),
      update: (_, x, { θ }) => ({ x: add(x, θ), state: { θ: mul(θ, 1) }, evaluations: [] }),
    };
    for (const optimizer of [descend(sgd({ learningRate: 0.25 })), trained])
      for (const _ of [1, 2]) minimize(bowl, { optimizer: optimizer as Optimizer, from: first.x, ...run });
    expect(array(first.x)).toEqual(Float64Array.of(0.5, -1));
  });

  it("takes losses that remember: their tensors are not its own", () => {
    const rng = createRng(2);
    let c = vector([0, 0]);
    const wandering = (): Objective => {
      c = add(c, normal(rng, [2]));
      const centre = c;
      return { value: (x) => sum(mul(sub(x, centre), sub(x, centre))) };
    };
    const { losses } = minimize(wandering, { optimizer: descend(sgd({ learningRate: 0.5 })), from: vector([0, 0]), ...run });
    expect(losses).toHaveLength(20);
    expect(array(c).every(Number.isFinite)).toBe(true);
  });

  it("ends where the losses are no longer finite, at the lowest of them, naming optimizer, step and loss", () => {
    // From x = 2 at a rate of 3/8 to 2 − 3/8 · 4 · 8 = −10, and so on outwards, until x⁴ overflows.
    const away: Objective = { value: (x) => sum(mul(mul(x, x), mul(x, x))) };
    const { x, losses, stop } = minimize(away, { optimizer: descend(sgd({ learningRate: 0.375 })), from: vector([2]), ...run });
    expect(losses.slice(0, 2)).toEqual([16, 10_000]);
    expect(losses.slice(0, -1).every(Number.isFinite)).toBe(true);
    const last = losses.at(-1) as number;
    expect(stop).toEqual({ kind: "not-finite", detail: `sgd: the loss at step ${losses.length - 1} is ${last}`, step: losses.length - 1 });
    expect(array(x)).toEqual(Float64Array.of(2));
  });

  it("keeps the point of the lowest loss where the method evaluates after its step, and x₀ where no loss is finite", () => {
    // Falls by half, up to the fourth evaluation; from there on it is NaN.
    let evaluations = 0;
    const breaking = Object.freeze<Objective>({ value: (x) => mul(sum(mul(x, x)), ++evaluations > 4 ? Number.NaN : 1) });
    const walk: Optimizer = {
      name: "walk",
      requires: new Set(),
      init: () => null,
      update(objective, x) {
        const next = mul(x, 0.5);
        return { x: next, state: null, evaluations: [objective.value(next)] };
      },
    };
    const { x, stop } = minimize(breaking, { optimizer: walk, from: vector([8, 16]), ...run });
    expect([array(x), stop?.step]).toEqual([Float64Array.of(0.5, 1), 4]);
    expect(array(minimize(breaking, { optimizer: walk, from: vector([8, 16]), ...run }).x)).toEqual(Float64Array.of(8, 16));
  });

  it("refuses what it cannot run", () => {
    const from = vector([1]);
    expect(() => minimize(bowl, { optimizer: adam() as never, from, ...run })).toThrow("make one of a gradient transform with descend(…)");
    expect(() => minimize(bowl, { optimizer: newton() as never, from, ...run })).toThrow("newton: needs an objective with hessian");
    expect(() => minimize(bowl, { optimizer: descend(sgd()), from, steps: -1, rng: run.rng })).toThrow(
      "steps must be an integer of at least 0, got -1",
    );
  });
});
