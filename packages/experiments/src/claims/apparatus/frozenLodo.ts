import { type GradientTransform, lodo, minimize, type Objective, type Optimizer } from "@lodo/optim";
import type { Preconditioner } from "@lodo/preconditioner";
import { array, createRng, map, type Params, scale, type Vector, vector } from "@lodo/tensor";

/** α → 0: θ stays where it is. */
const frozen: GradientTransform<Params, null> = { name: "frozen", init: () => null, update: (g) => [map((t) => scale(0, t), g), null] };

/** LODO at θ in the limit α → 0. */
export const frozenLodo = (G: Preconditioner, θ: Params, beta = 0): Optimizer => {
  const optimizer = lodo({ ...G, init: () => θ }, { meta: frozen, beta });
  return optimizer as Optimizer<unknown> as Optimizer;
};

/** x₀ … x_T. LODO's first step, from m₀ = 0, is null and is left out. */
export function iterates(optimizer: Optimizer, objective: Objective, x0: readonly number[], T: number): readonly (readonly number[])[] {
  const visited: (readonly number[])[] = [];
  const watched: Optimizer = {
    ...optimizer,
    update(f, x: Vector, state) {
      const update = optimizer.update(f, x, state);
      visited.push([...array(update.x)]);
      return update;
    },
  };
  minimize(objective, { optimizer: watched, from: vector(x0), steps: T + 1, rng: createRng(0) });
  return visited;
}
