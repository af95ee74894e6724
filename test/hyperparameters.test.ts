import { optimizers, type RegisteredOptimizer } from "@lodo/optim";
import { architectures, type Hyperparameter } from "@lodo/preconditioner";
import { array, concat, createRng, dot, gather, hessian, item, type Layout, mul, scale, sub, type Vector, vector } from "@lodo/tensor";
import type { AnyOptimizer, FullObjective, Values } from "@lodo/testkit";
import { describe, expect, it } from "vitest";

const [odd, even] = [Int32Array.of(0, 2, 4), Int32Array.of(1, 3, 5)];

/** Rosenbrock's residuals, three times over: their valleys bend, so that a line search brackets. */
const residuals = (x: Vector): Vector => {
  const [u, w] = [gather(x, odd), gather(x, even)];
  return concat([scale(10, sub(w, mul(u, u))), sub(1, u)]);
};
const value: FullObjective["value"] = (x) => scale(0.5, dot(residuals(x), residuals(x)));
const valleys: FullObjective = { value, residuals, hessian: hessian(value) };

const layout: Layout = {
  size: 6,
  slices: [
    { path: "first.weights", start: 0, shape: [3] },
    { path: "second.weights", start: 3, shape: [3] },
  ],
};

const STEPS = 15;

/** All that a run of a registered optimizer shows: every x and loss, and why it ended. */
function path(registered: RegisteredOptimizer, values: Values): string {
  const optimizer = registered.create({ dim: 6, rng: createRng(1), layout, steps: STEPS }, values) as unknown as AnyOptimizer;
  let x = vector([-1.2, 1, -0.7, 0.9, -1.5, 0.4]);
  let state = optimizer.init(x, createRng(2));
  const seen: unknown[] = [];
  for (let t = 0; t < STEPS; t++) {
    const update = optimizer.update(valleys, x, state);
    ({ x, state } = update);
    seen.push([...array(x)], update.evaluations.map(item), update.stop?.kind);
    if (update.stop) break;
  }
  return JSON.stringify(seen);
}

/** Other values than the default, near and far: a tolerance shows only where it is loose, a bound where it is tight. */
function others({ default: usual, domain }: Hyperparameter): readonly (number | string)[] {
  const values = {
    rate: () => [2, 1e3, 1e-3, 1e8, 1e-12, 1e16].map((factor) => factor * (usual as number)),
    decay: () => [0.5, 0.99, 0],
    count: () => (domain.kind === "count" ? [0, 1, 2].map((above) => domain.min + above) : []),
    choice: () => (domain.kind === "choice" ? domain.choices : []),
  }[domain.kind]();
  return values.filter((other) => other !== usual);
}

/** An optimizer, what is chosen for it, and which of its hyperparameters are asked. */
type Case = readonly [name: string, registered: RegisteredOptimizer, chosen: Values, keys: readonly string[]];

const cases: readonly Case[] = optimizers.flatMap((registered): readonly Case[] => {
  const asItComes: Case = [registered.id, registered, {}, Object.keys(registered.hyperparameters)];
  if (registered.id !== "lodo") return [asItComes];
  const withArchitecture = architectures.map(
    ({ id, hyperparameters }): Case => [`lodo over ${id}`, registered, { preconditioner: id }, Object.keys(hyperparameters)],
  );
  return [asItComes, ...withArchitecture];
});

describe.each(cases.filter(([, , , keys]) => keys.length > 0))("%s hears", (_, registered, chosen, keys) => {
  const hyperparameters = registered.hyperparametersWith?.(chosen) ?? registered.hyperparameters;
  const usual = path(registered, chosen);

  it.each(keys)("%s", (key) => {
    const hyperparameter = hyperparameters[key] as Hyperparameter;
    const heard = (other: number | string): boolean => path(registered, { ...chosen, [key]: other }) !== usual;
    const values = others(hyperparameter);
    expect(hyperparameter.domain.kind === "choice" ? values.filter((other) => !heard(other)) : values.some(heard)).toEqual(
      hyperparameter.domain.kind === "choice" ? [] : true,
    );
  });
});
