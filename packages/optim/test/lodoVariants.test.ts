import { minimize, type Optimizer, optimizers } from "@lodo/optim";
import { architectures } from "@lodo/preconditioner";
import { array, createRng, vector } from "@lodo/tensor";
import { quadratic } from "@lodo/testkit";
import { describe, expect, it } from "vitest";

const registered = (id: string) => {
  const found = optimizers.find((optimizer) => optimizer.id === id);
  if (!found) throw new Error(id);
  return found;
};

/** What each fixes, and what is left to choose and to tune. */
const variants = [
  ["lodo-diagonal", { preconditioner: "diagonal", meta: "adam" }, ["metaLearningRate", "beta", "alpha0"]],
  ["lodo-global", { preconditioner: "scalar", meta: "adam" }, ["metaLearningRate", "beta", "alpha0"]],
  ["lodo-residuals", { preconditioner: "residuals", meta: "adam" }, ["metaLearningRate", "beta", "alpha0"]],
  ["lodo-sgd", { preconditioner: "block-permutation", meta: "sgd" }, ["metaLearningRate", "beta", "alpha0"]],
  ["lodo-no-momentum", { preconditioner: "block-permutation", meta: "adam", beta: 0 }, ["metaLearningRate", "alpha0"]],
] as const;

describe.each(variants)("%s", (id, fixed, tunable) => {
  const variant = registered(id);
  const losses = (name: string, values: Readonly<Record<string, number | string>>): readonly number[] => {
    const { objective, x0 } = quadratic(createRng(3), 5);
    const optimizer = registered(name).create({ dim: 5, rng: createRng(2) }, values) as Optimizer;
    return minimize(objective, { optimizer, from: x0, steps: 12, rng: createRng(1) }).losses;
  };

  it("is LODO with some values fixed, to the bit, and not LODO as it comes", () => {
    expect(losses(id, { alpha0: 0.3 })).toEqual(losses("lodo", { ...fixed, alpha0: 0.3 }));
    expect(losses(id, { metaLearningRate: 0.02 })).toEqual(losses("lodo", { ...fixed, metaLearningRate: 0.02 }));
    expect(losses(id, {})).not.toEqual(losses("lodo", {}));
  });

  it("leaves free what it does not fix, and its architecture's own", () => {
    const architecture = architectures.find((a) => a.id === fixed.preconditioner);
    const free = ["metaLearningRate", "beta", ...Object.keys(architecture?.hyperparameters ?? {})].filter((key) => !(key in fixed));
    expect(Object.keys(variant.hyperparameters)).toEqual(free);
    expect(variant.tunable).toEqual(tunable);
  });

  it.each(Object.entries(fixed))("refuses another %s, by its own name", (key, value) => {
    expect(() => variant.create({ dim: 5, rng: createRng(1) }, { [key]: value })).toThrow(`${id}: has no option "${key}"`);
  });

  it("goes by its own name", () => {
    expect(variant.create({ dim: 5, rng: createRng(1) }, {}).name).toBe(id);
  });
});

it("a lone learning rate moves all coordinates alike, and one for each does not", () => {
  const step = (id: string): readonly number[] => {
    const optimizer = registered(id).create({ dim: 2, rng: createRng(1) }, { beta: 0, metaLearningRate: 0.1 }) as Optimizer;
    const f = { ...quadratic(createRng(1), 2).objective };
    let [x, state] = [vector([1, -1]), optimizer.init(vector([1, -1]), createRng(1))];
    let m = vector([0, 0]);
    for (let t = 0; t < 4; t++) {
      m = (state as { m: typeof m }).m;
      const before = x;
      ({ x, state } = optimizer.update(f, x, state));
      if (t === 3) return [...array(x)].map((xᵢ, i) => ((array(before)[i] as number) - xᵢ) / (array(m)[i] as number));
    }
    return [];
  };
  const [global, diagonal] = [step("lodo-global"), step("lodo-diagonal")] as [number[], number[]];
  // Both coordinates divide differences of numbers near 1 by gradients near 1.
  expect(Math.abs((global[0] as number) / (global[1] as number) - 1)).toBeLessThan(1e-13);
  expect(Math.abs((diagonal[0] as number) / (diagonal[1] as number) - 1)).toBeGreaterThan(1e-3);
});
