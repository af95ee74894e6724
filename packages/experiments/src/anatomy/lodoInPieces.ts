import { applyDelta, type LodoParts, type LodoState, lodo, type Optimizer } from "@lodo/optim";
import { add, type Params, scale, sub, type Vector, valueAndGrad, vjp } from "@lodo/tensor";
import type { Stopwatch } from "./stopwatch.ts";

/** LODO with a stopwatch between the lines of Algorithm 1: the steps of `lodo`, to the bit. */
export function lodoInPieces({ preconditioner: G, meta, beta: β }: LodoParts, { time }: Stopwatch): Optimizer<LodoState<Params, unknown>> {
  return {
    ...lodo(G, { meta, beta: β }),
    update(objective, x, { theta: θ, m, meta: μ }) {
      const [xNext, pullback] = time("product", () => vjp((θ: Params) => sub(x, G.at(θ).apply(m)), θ));
      const [loss, g] = time("task", () => valueAndGrad((x: Vector) => objective.value(x))(xNext));
      const hypergradient = time("pullBack", () => pullback(g));
      const [θNext, μNext] = time("metaOptimizer", () => {
        const [Δθ, μNext] = meta.update(hypergradient, μ, θ);
        return [applyDelta(θ, Δθ), μNext];
      });
      const mNext = add(scale(β, m), scale(1 - β, g));
      return { x: xNext, state: { theta: θNext, m: mNext, meta: μNext }, evaluations: [loss] };
    },
  };
}
