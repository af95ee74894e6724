import { type GradientTransform, optimizers, type Task } from "@lodo/optim";
import { diagonal, type Preconditioner } from "@lodo/preconditioner";
import {
  array,
  createRng,
  definePrimitive,
  dot,
  emptyStorage,
  forEachIndex,
  type Params,
  type Tensor,
  type Vector,
  vector,
} from "@lodo/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dissect } from "../src/anatomy/dissect.ts";
import { lodoInPieces } from "../src/anatomy/lodoInPieces.ts";
import { measureSteps } from "../src/anatomy/measureSteps.ts";
import { sharesOf, shareTitles } from "../src/anatomy/shares.ts";
import { type PartSeconds, stepParts, stopwatch } from "../src/anatomy/stopwatch.ts";
import { encodeCheckpoint } from "../src/run/checkpoint.ts";
import type { RunConfiguration } from "../src/run/configuration.ts";
import { startOf } from "../src/run/execute.ts";
import { type Simulation, simulate } from "../src/run/simulate.ts";
import { advance } from "../src/simulation.ts";
import { withArena } from "../src/withArena.ts";

const lodos = optimizers.filter(({ lodoParts }) => lodoParts).map(({ id }) => id);

const configurationOf = (optimizer: string, seed: number, hyperparameters: RunConfiguration["hyperparameters"]): RunConfiguration => {
  const taskOptions = { dim: 9, noise: 1 };
  return { task: "noisy-quadratic-bowl", optimizer, seed, steps: 6, recordEvery: 1, taskOptions, hyperparameters };
};

describe("LODO in pieces", () => {
  it("is LODO with any architecture, and its variants", () => {
    expect(lodos).toEqual(["lodo", "lodo-diagonal", "lodo-global", "lodo-residuals", "lodo-sgd", "lodo-no-momentum"]);
    expect(dissect(configurationOf("adam", 0, {}), simulate(configurationOf("adam", 0, {})).task)).toBeNull();
  });

  const bytesAfter = (configuration: RunConfiguration, simulation: Simulation, by: Pick<Simulation, "task" | "optimizer">): Buffer =>
    withArena((arena) => {
      let snapshot = simulation.start;
      for (let i = 0; i < configuration.steps; i++) snapshot = advance(by.task, by.optimizer, snapshot, arena).snapshot;
      return Buffer.from(encodeCheckpoint(configuration, simulation, { ...startOf(simulation), snapshot }));
    });

  it("takes the steps of LODO, to the bit", () => {
    const hyperparameters = fc.record({
      beta: fc.constantFrom(0, 0.5, 0.9),
      meta: fc.constantFrom("adam", "sgd"),
      preconditioner: fc.constantFrom("block-permutation", "dense", "monarch"),
    });
    const ofLodo = fc.tuple(fc.constant("lodo"), hyperparameters);
    const ofVariant = fc.tuple(fc.constantFrom(...lodos), fc.constant({}));
    fc.assert(
      fc.property(fc.oneof(ofLodo, ofVariant), fc.nat(99), ([optimizer, values], seed) => {
        const configuration = configurationOf(optimizer, seed, values);
        const whole = simulate(configuration);
        const inPieces = simulate(configuration);
        const dissected = dissect(configuration, inPieces.task);
        if (dissected === null) throw new Error("expected a LODO");
        expect(bytesAfter(configuration, inPieces, dissected).equals(bytesAfter(configuration, whole, whole))).toBe(true);
      }),
      { numRuns: 12 },
    );
  });
});

describe("the parts of a step", () => {
  let clock = 0;
  const passing =
    (milliseconds: number) =>
    <T>(x: T): T => {
      clock += milliseconds;
      return x;
    };
  /** y = x, in no time; its pull-back takes as many milliseconds as it is told. */
  const slowBack = definePrimitive<number>({
    name: "slow-back",
    forward(_, x) {
      const out = emptyStorage(x.shape, x.dtype);
      forEachIndex(x, (at, i) => {
        out.data[i] = x.data[at] as number;
      });
      return { out };
    },
    vjp: (ct, { attrs }) => [() => passing(attrs)(ct)],
  });

  it("are timed where they are done", () => {
    const G = diagonal({ dim: 2, alpha0: 0.1 });
    const slowly: Preconditioner = {
      ...(G as unknown as Preconditioner),
      at(θ) {
        const operator = G.at(slowBack(11, θ as Tensor) as Parameters<typeof G.at>[0]);
        return { ...operator, apply: (v) => passing(3)(operator.apply(v)) };
      },
    };
    const meta: GradientTransform<Params> = { name: "none", init: () => null, update: (g, state) => passing(2)([g, state]) };
    const watch = stopwatch(() => clock);
    const optimizer = lodoInPieces({ preconditioner: slowly, meta, beta: 0.9 }, watch);
    const x = vector([1, 2]);
    const value = (x: Vector) => passing(7)(dot(slowBack(5, x) as Vector, x));
    const { x: next } = optimizer.update({ value }, x, optimizer.init(x, createRng(0)));
    expect([...array(next)]).toEqual([1, 2]);
    const taken = watch.take();
    expect(Object.fromEntries(stepParts.map((part) => [part, Math.round(1000 * taken[part])]))).toEqual({
      product: 3,
      task: 12,
      pullBack: 11,
      metaOptimizer: 2,
    });
    expect(Object.values(watch.take())).toEqual([0, 0, 0, 0]);
  });

  it("count the draw of the loss to the task", () => {
    const configuration = configurationOf("lodo", 0, {});
    const { task } = simulate(configuration);
    const drawn: Task = { ...task, draw: (state, rng) => passing(4)(task.draw(state, rng)) };
    const dissected = dissect(configuration, drawn, () => clock);
    dissected?.task.draw(task.init(createRng(0)).state, createRng(1));
    expect(Math.round(1000 * (dissected?.watch.take().task ?? 0))).toBe(4);
  });

  const milliseconds = fc.integer({ min: 0, max: 1000 });
  const oneStep = fc.record({
    task: milliseconds,
    product: milliseconds,
    pullBack: milliseconds,
    metaOptimizer: milliseconds,
    other: milliseconds,
  });

  it("and what is left add up to the step, over the middling steps of the later half of the repetitions", () => {
    fc.assert(
      fc.property(fc.array(oneStep, { minLength: 2, maxLength: 9 }), (steps) => {
        clock = 0;
        const watch = stopwatch(() => clock);
        const planned = steps.values();
        const step = (): void => {
          const next = planned.next().value as (typeof steps)[number];
          for (const part of stepParts) watch.time(part, () => passing(next[part])(null));
          passing(next.other)(null);
        };
        const measured = measureSteps(step, watch, { atLeast: steps.length, atMost: steps.length, budget: 0 }, () => clock);
        const { secondsPerStep, parts } = measured as Required<typeof measured>;
        const warm = steps.slice(Math.floor(steps.length / 2));
        const sumOf = (each: (typeof steps)[number]): number => Object.values(each).reduce((a, b) => a + b);
        expect(parts.other).toBeGreaterThanOrEqual(-1e-9);
        const lengths = warm.map(sumOf).sort((a, b) => a - b);
        expect(1000 * secondsPerStep).toBeGreaterThanOrEqual((lengths[0] as number) - 1e-6);
        expect(1000 * secondsPerStep).toBeLessThanOrEqual((lengths.at(-1) as number) + 1e-6);
        if (warm.length === 3) {
          const [typical] = warm.filter((each) => sumOf(each) === lengths[1]);
          expect(1000 * secondsPerStep).toBeCloseTo(lengths[1] as number, 6);
          if (new Set(lengths).size === 3)
            for (const part of stepParts) expect(1000 * (parts as PartSeconds)[part]).toBeCloseTo(typical?.[part] as number, 6);
        }
        expect(Object.values(parts).reduce((a, b) => a + b)).toBeCloseTo(secondsPerStep, 9);
        if (secondsPerStep === 0) return;
        const shares = sharesOf(measured) ?? [];
        expect(shares.map(({ title }) => title)).toEqual(shareTitles);
        expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
      }),
    );
  });

  it("are not told of steps that have none", () => {
    const measured = measureSteps(() => {}, null, { atLeast: 1, atMost: 1, budget: 0 });
    expect(sharesOf(measured)).toBeUndefined();
  });

  it("are measured until the budget is spent", () => {
    let steps = 0;
    clock = 0;
    const step = (): void => {
      steps++;
      passing(100)(null);
    };
    measureSteps(step, null, { atLeast: 1, atMost: 200, budget: 0.5 }, () => clock);
    expect(steps).toBe(5);
  });
});
