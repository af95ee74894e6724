import { optimizers } from "@lodo/optim";
import { createRng, portable } from "@lodo/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { experiments } from "../packages/experiments/src/experiments/index.ts";
import { renderSvg } from "../packages/experiments/src/plots/svg.ts";
import { formatValue } from "../packages/experiments/src/report/roundedValues.ts";
import { tasks } from "../packages/experiments/src/tasks/index.ts";
import { readTuned } from "../packages/experiments/src/tasks/tuned/tuned.ts";
import { commandOf, type SearchConfiguration, scalesOf } from "../packages/experiments/src/tune/configuration.ts";
import {
  betterHalf,
  type Fitness,
  fitnessOf,
  individuals,
  meanOf,
  positionOf,
  valuesAt,
} from "../packages/experiments/src/tune/generation.ts";
import type { Generation } from "../packages/experiments/src/tune/result.ts";
import { decayScale, rateScale, scaleOf } from "../packages/experiments/src/tune/scale.ts";
import {
  defaultPopulation,
  defaultSchedule,
  formatSchedule,
  parseSchedule,
  resampled,
  table5,
} from "../packages/experiments/src/tune/schedule.ts";
import { workOf } from "../packages/experiments/src/tune/search.ts";
import { searchAlt, searchFigure } from "../packages/experiments/src/tune/searchFigure.ts";
import { tuneTrials } from "../packages/experiments/src/tune/trials.ts";
import { table6 } from "../packages/experiments/src/tunedValues.ts";

describe("what optimizers declare to be searched", () => {
  it.each(optimizers.map((optimizer) => [optimizer.id, optimizer] as const))("%s: its own rates and decays, each once", (_, optimizer) => {
    expect(new Set(optimizer.tunable).size).toBe(optimizer.tunable.length);
    for (const key of optimizer.tunable) expect(["rate", "decay"]).toContain(optimizer.hyperparameters[key]?.domain.kind);
    expect(Object.keys(scalesOf(optimizer))).toEqual(optimizer.tunable);
  });

  it("has what the paper tuned among it", () => {
    for (const values of Object.values(table6)) {
      for (const [id, given] of Object.entries(values)) {
        const optimizer = optimizers.find((candidate) => candidate.id === id);
        if (optimizer) expect(optimizer.tunable).toEqual(expect.arrayContaining(Object.keys(given).filter((key) => key !== "tau")));
      }
    }
  });
});

describe("the scales", () => {
  // z is rounded to ε |z|, which the exponential turns into a relative ε |z|; the logarithm and the exponential each add an ε or so.
  it("of rates: there and back to the value, from the least number to the largest", () => {
    fc.assert(
      fc.property(fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true }), (value) => {
        const z = rateScale.to(value);
        const tolerance = Number.EPSILON * (Math.abs(z) + 4) * value + Number.MIN_VALUE;
        expect(Math.abs(rateScale.from(z) - value)).toBeLessThanOrEqual(tolerance);
      }),
    );
  });

  it("of decays: there and back to the value, from 0 to the last below 1", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (value) => {
        const z = decayScale.to(value);
        const tolerance = Number.EPSILON * ((Math.abs(z) + 4) * (1 - value) + 2);
        expect(Math.abs(decayScale.from(z) - value)).toBeLessThanOrEqual(tolerance);
      }),
    );
    expect(decayScale.to(0)).toBe(0);
    expect(decayScale.from(0)).toBe(0);
  });

  it("are natural: a deviation of 3 is a factor of e³", () => {
    expect(rateScale.from(rateScale.to(0.01) + 3)).toBeCloseTo(0.01 * portable.exp(3), 12);
    expect(1 - decayScale.from(decayScale.to(0.999) + 3)).toBeCloseTo(0.001 * portable.exp(3), 12);
  });

  it("stay in their domains wherever noise carries them, at the edge beyond it", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (z) => {
        const [rate, decay] = [rateScale.from(z), decayScale.from(z)];
        expect(rate > 0 && Number.isFinite(rate)).toBe(true);
        expect(decay >= 0 && decay < 1).toBe(true);
        if (z >= 0) expect(decay).toBe(0);
      }),
    );
    expect([rateScale.from(1e4), rateScale.from(-1e4)]).toEqual([Number.MAX_VALUE, Number.MIN_VALUE]);
  });

  it("are of rates and decays alone", () => {
    expect([scaleOf({ kind: "count", min: 1 }), scaleOf({ kind: "choice", choices: ["a"] })]).toEqual([null, null]);
    expect([scaleOf({ kind: "rate" }), scaleOf({ kind: "decay" })]).toEqual([rateScale, decayScale]);
  });
});

describe("schedules", () => {
  it("are Table 5's where it has the task", () => {
    for (const task of Object.keys(table5)) expect(tasks.map(({ id }) => id)).toContain(task);
    // The sums of the printed columns.
    const sums = (task: string): readonly number[] => [
      defaultSchedule(task).reduce((sum, { deviation }) => sum + deviation, 0),
      defaultSchedule(task).reduce((sum, { steps }) => sum + steps, 0),
    ];
    expect(sums("noisy-quadratic-bowl").map((sum) => Math.round(10 * sum))).toEqual([198, 250_000]);
    expect(sums("rosenbrock").map((sum) => Math.round(100 * sum))).toEqual([1755, 200_000]);
    expect(sums("image-generation").map((sum) => Math.round(10 * sum))).toEqual([198, 250_000]);
    expect(sums("image-classification").map((sum) => Math.round(10 * sum))).toEqual([198, 14_000]);
    expect(Object.keys(table5).map(defaultPopulation)).toEqual([32, 32, 32, 16]);
    expect(defaultSchedule("another task")).toEqual(defaultSchedule("noisy-quadratic-bowl"));
  });

  it("anneal at any number of generations: the first entry first, the last one last, in order", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(table5)), fc.integer({ min: 2, max: 40 }), (schedule, n) => {
        const entries = resampled(schedule, n);
        expect(entries).toHaveLength(n);
        expect([entries[0], entries.at(-1)]).toEqual([schedule[0], schedule.at(-1)]);
        const places = entries.map((entry) => schedule.indexOf(entry));
        expect(places).toEqual([...places].sort((a, b) => a - b));
      }),
    );
    for (const schedule of Object.values(table5)) expect(resampled(schedule, schedule.length)).toEqual(schedule);
    expect(resampled(defaultSchedule("rosenbrock"), 1)).toEqual([{ deviation: 3, steps: 200 }]);
  });

  it("read what they write", () => {
    for (const schedule of Object.values(table5)) expect(parseSchedule(formatSchedule(schedule))).toEqual(schedule);
    expect(parseSchedule("3x1000, 1.5 x 2000")).toEqual([
      { deviation: 3, steps: 1000 },
      { deviation: 1.5, steps: 2000 },
    ]);
  });

  it("give a generation a number of individuals of its own", () => {
    const plan = fc.record(
      {
        deviation: fc.integer({ min: 1, max: 4000 }).map((n) => n / 1000),
        steps: fc.integer({ min: 11, max: 1e6 }),
        population: fc.integer({ min: 2, max: 10_000 }),
      },
      { requiredKeys: ["deviation", "steps"] },
    );
    fc.assert(
      fc.property(fc.array(plan, { minLength: 1, maxLength: 5 }), (schedule) => {
        expect(parseSchedule(formatSchedule(schedule))).toEqual(schedule);
      }),
    );
  });

  it.each([
    "",
    "3",
    "3x",
    "x3",
    "0x1000",
    "-1x1000",
    "3x10",
    "3x1e3",
    "3x1000,",
    "3x1000;2x1000",
    "NaNx1000",
    "3x1000x1",
    "3x1000x",
    "3x1000x10001",
  ])("refuse %j, naming what is allowed", (text) => {
    expect(() => parseSchedule(text)).toThrow(
      /3x1000,1\.5x2000.*deviations above 0, steps integers of at least 11; and x individuals .* from 2 to 10 000.*; got/,
    );
  });
});

describe("a generation", () => {
  const scales = { learningRate: rateScale, b1: decayScale };
  const mean = { learningRate: -2, b1: -20 };

  it("is the mean plus noise of the deviation asked for", () => {
    const [σ, n] = [1.7, 4000];
    const drawn = individuals(1, 0, mean, scales, { deviation: σ, population: n });
    for (const key of ["learningRate", "b1"] as const) {
      const noise = drawn.map(({ values }) => scales[key].to(values[key] as number) - mean[key]);
      const average = noise.reduce((a, b) => a + b, 0) / n;
      const deviation = Math.sqrt(noise.reduce((a, b) => a + b * b, 0) / n);
      // Five standard errors: σ/√n of the mean, σ/√(2n) of the deviation.
      expect(Math.abs(average)).toBeLessThan((5 * σ) / Math.sqrt(n));
      expect(Math.abs(deviation - σ)).toBeLessThan((5 * σ) / Math.sqrt(2 * n));
    }
    const correlation = drawn
      .map(({ values }) => positionOf(values, scales))
      .reduce((sum, { learningRate: a = 0, b1: b = 0 }) => sum + ((a - mean.learningRate) * (b - mean.b1)) / (σ * σ * n), 0);
    expect(Math.abs(correlation)).toBeLessThan(5 / Math.sqrt(n));
  });

  it("has a seed and noise of its own for each individual, generation and search, and the same again", () => {
    const draw = (seed: number, g: number) => individuals(seed, g, mean, scales, { deviation: 3, population: 40 });
    const all = [draw(0, 0), draw(0, 1), draw(1, 0)].flat();
    expect(new Set(all.map(({ seed }) => seed)).size).toBe(all.length);
    expect(new Set(all.map(({ values }) => values["b1"])).size).toBe(all.length);
    expect(draw(0, 1)).toEqual(draw(0, 1));
    for (const { seed } of all) expect(() => createRng(seed)).not.toThrow();
  });

  it("is moved to the edge of its domain where the noise leads out of it, so that the mean never leaves it", () => {
    const drawn = individuals(0, 0, { learningRate: 0, b1: 0 }, scales, { deviation: 3, population: 400 });
    const decays = drawn.map(({ values }) => values["b1"] as number);
    // Half of the noise is upwards; five standard errors of the number of heads in 400.
    expect(Math.abs(decays.filter((b1) => b1 === 0).length - 200)).toBeLessThan(5 * 10);
    expect(decays.every((b1) => b1 >= 0 && b1 < 1)).toBe(true);
    expect(meanOf(drawn.map(({ values }) => positionOf(values, scales)))["b1"]).toBeLessThan(0);
  });

  it("does not depend on how many there are", () => {
    const few = individuals(0, 2, mean, scales, { deviation: 3, population: 5 });
    expect(individuals(0, 2, mean, scales, { deviation: 3, population: 9 }).slice(0, 5)).toEqual(few);
  });

  it("takes values to positions and back", () => {
    const optimizer = optimizers.find(({ id }) => id === "adam");
    const scales = optimizer ? scalesOf(optimizer) : {};
    const values = { learningRate: 0.3, b1: 0, b2: 0.999 };
    const back = valuesAt(positionOf(values, scales), scales);
    expect(Object.keys(back)).toEqual(["learningRate", "b1", "b2"]);
    for (const [key, value] of Object.entries(values)) expect(back[key]).toBeCloseTo(value, 14);
  });
});

describe("the better half", () => {
  const finished = (score: number): Fitness => ({ score, reached: 100 });
  const diverged = (reached: number): Fitness => ({ score: null, reached });
  const fitness = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(finished),
    fc.integer({ min: 1, max: 99 }).map(diverged),
  );

  it("is half, and nobody in it has a higher loss than anybody outside", () => {
    fc.assert(
      fc.property(fc.array(fitness, { minLength: 2, maxLength: 40 }), (all) => {
        const better = betterHalf(all);
        const there = all.filter(({ score }) => score !== null).length;
        const half = Math.ceil(all.length / 2);
        expect(better).toHaveLength(there === 0 ? half : Math.min(half, there));
        expect(better).toEqual([...new Set(better)].sort((a, b) => a - b));
        const rank = ({ score, reached }: Fitness): number => (there === 0 ? -reached : (score ?? Number.POSITIVE_INFINITY));
        const worst = Math.max(...better.map((i) => rank(all[i] as Fitness)));
        all.forEach((each, i) => void (better.includes(i) || expect(rank(each)).toBeGreaterThanOrEqual(worst)));
      }),
    );
  });

  it("has no diverged run while there are others", () => {
    expect(betterHalf([diverged(99), finished(1e300), diverged(50), diverged(2)])).toEqual([1]);
    expect(betterHalf([finished(3), finished(1), diverged(99), finished(2)])).toEqual([1, 3]);
    expect(betterHalf([diverged(5), diverged(7), diverged(6)])).toEqual([1, 2]);
  });

  it("counts a run that stopped early, or whose loss is not a number, as diverged", () => {
    expect(fitnessOf({ score: 1.5, divergedAt: null }, 100)).toEqual({ score: 1.5, reached: 100 });
    expect(fitnessOf({ score: null, divergedAt: 7 }, 100)).toEqual({ score: null, reached: 7 });
    const stopped = { at: 40, reason: { kind: "singular-hessian", detail: "" } } as never;
    expect(fitnessOf({ score: null, divergedAt: null, stopped }, 100)).toEqual({ score: null, reached: 40 });
    expect(fitnessOf({ score: Number.POSITIVE_INFINITY, divergedAt: null }, 100)).toEqual({ score: null, reached: 100 });
  });

  it("has its mean in the scaled space", () => {
    expect(
      meanOf([
        { a: 1, b: -4 },
        { a: 3, b: 0 },
      ]),
    ).toEqual({ a: 2, b: -2 });
    // The mean of two rates is their geometric mean.
    expect(rateScale.from((rateScale.to(0.01) + rateScale.to(1)) / 2)).toBeCloseTo(0.1, 14);
  });
});

describe("a search", () => {
  const configuration: SearchConfiguration = {
    task: "rosenbrock",
    optimizer: "adam",
    seed: 3,
    population: 32,
    schedule: defaultSchedule("rosenbrock"),
    taskOptions: {},
    start: { learningRate: 0.001, b1: 0.9, b2: 0.999, eps: 1e-7 },
  };

  it("is said by a command, without what is so anyway", () => {
    expect(commandOf(configuration)).toBe("lodo tune rosenbrock --optimizer adam --seed 3");
    const start = { ...configuration.start, eps: 0.5 };
    const other = { ...configuration, population: 8, schedule: parseSchedule("3x50,1x70x2"), start, comparedSeeds: 0 };
    expect(commandOf(other)).toBe(
      "lodo tune rosenbrock --optimizer adam --schedule 3x50,1x70x2 --population 8 --set optimizer.eps=0.5 --seed 3 --comparison-seeds 0",
    );
  });

  it("is compared with the paper's values where they are all known", () => {
    const compared = (task: string, optimizer: string): number => {
      const of = { ...configuration, task, optimizer, schedule: parseSchedule("1x20x2"), comparedSeeds: 1 };
      return (workOf(of) - workOf({ ...of, comparedSeeds: 0 })) / 20;
    };
    expect(compared("image-generation", "adam")).toBe(3);
    expect(compared("image-generation", "lodo-diagonal")).toBe(3);
    expect(compared("image-generation", "rmsprop")).toBe(2);
    expect(compared("rosenbrock", "newton")).toBe(2);
  });

  it("tells decays near 1 from 1", () => {
    expect([0.99996430047, 0.999, 0.9282, 0.5, 1.23456, 0.00009819227].map(formatValue)).toEqual([
      "0.9999643",
      "0.999",
      "0.9282",
      "0.5",
      "1.235",
      "0.00009819",
    ]);
  });

  it("is no experiment", () => expect(experiments.map(({ id }) => id)).not.toContain(tuneTrials.id));

  it("is drawn without NaN: diverged runs, decays of 0 and a generation in which all diverged", async () => {
    const scales = { rate: rateScale, decay: decayScale };
    const judged = (score: number | null, survived: boolean, decay: number) => ({
      values: { rate: 1, decay },
      seed: 1,
      score,
      reached: 5,
      survived,
    });
    const generation = (...all: ReturnType<typeof judged>[]): Generation => ({
      deviation: 3,
      steps: 100,
      mean: { rate: 0, decay: 0.5 },
      individuals: all,
    });
    for (const generations of [
      [generation(judged(1, true, 0), judged(1e250, false, 0.9)), generation(judged(null, true, 0), judged(null, false, 0.5))],
      [generation(judged(null, true, 0.1))],
    ]) {
      const result = { generations, end: { rate: -1, decay: 0.2 }, tuned: { rate: 0.4, decay: 0 } };
      const svg = await renderSvg(searchFigure(result, scales), searchAlt(result));
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      // In each of three panels, and in the legend.
      const lost = generations
        .flatMap(({ individuals }) => individuals)
        .filter(({ score, survived }) => score === null && !survived).length;
      expect(svg.split('fill="#D55E00"').length - 1).toBe(3 * lost + 1);
      for (const text of ["better half", "worse half", "diverged", "1 − decay"]) expect(svg).toContain(`>${text}<`);
      expect(searchAlt(result)).not.toMatch(/NaN|undefined|Infinity/);
    }
  });
});

describe("the values kept beside a task", () => {
  it.each(tasks.map(({ id }) => id))("on %s are what its optimizers declare, in their domains, with what found them", (task) => {
    for (const [id, entry] of Object.entries(readTuned(task))) {
      const optimizer = optimizers.find((candidate) => candidate.id === id);
      expect(Object.keys(entry.values)).toEqual(optimizer?.tunable);
      expect(optimizer?.create({ dim: 2, rng: createRng(0) }, entry.values)).toBeDefined();
      expect(entry.command).toMatch(new RegExp(`^lodo tune ${task} --optimizer ${id} .*--seed ${entry.seed}$`));
      expect(entry.score.n).toBeGreaterThan(0);
    }
  });
});
