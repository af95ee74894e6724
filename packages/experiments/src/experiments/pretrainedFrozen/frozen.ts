import { type GradientTransform, lodo, type Optimizer } from "@lodo/optim";
import type { Preconditioner } from "@lodo/preconditioner";
import { map, type Params, zerosLike } from "@lodo/tensor";

/** Moves nothing: θ stays to the bit, whatever the hypergradient, and be it not finite. */
const still: GradientTransform<Params, null> = {
  name: "still",
  init: () => null,
  update: (hypergradient) => [map(zerosLike, hypergradient), null],
};

/** LODO whose θ stays as it is: quasi-Newton steps with a fixed G and the momentum β. */
export const frozenLodo = (G: Preconditioner, β: number): Optimizer<unknown, never> =>
  lodo(G, { meta: still, beta: β }) as Optimizer<unknown, never>;
