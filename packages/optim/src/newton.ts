import { complete } from "@lodo/preconditioner";
import { ArgumentError, solve, sub, type Vector, valueAndGrad } from "@lodo/tensor";
import type { TwiceDifferentiable } from "./objective.ts";
import type { Optimizer } from "./optimizer.ts";
import type { RegisteredOptimizer } from "./registry.ts";

/** Newton's method: x ← x − H⁻¹ g, H = ∇²ℓ(x). A singular Hessian stops it at the last iterate. */
export function newton(): Optimizer<null, TwiceDifferentiable> {
  return {
    name: "newton",
    requires: new Set(["hessian"]),
    init: () => null,
    update(objective, x) {
      const [loss, g] = valueAndGrad((x: Vector) => objective.value(x))(x);
      try {
        // x ← x − H⁻¹ g
        const step = objective.hessianSolve?.(x, g) ?? solve(objective.hessian(x), g);
        return { x: sub(x, step), state: null, evaluations: [loss] };
      } catch (error) {
        if (!(error instanceof ArgumentError && error.op === "solve")) throw error;
        return { x, state: null, evaluations: [loss], stop: { kind: "singular-hessian", detail: error.message } };
      }
    },
  };
}

export const newtonOptimizer: RegisteredOptimizer = {
  id: "newton",
  summary: "Newton's method, told the Hessian",
  reference: "Section 5.1",
  hyperparameters: {},
  tunable: [],
  create: (_, values) => {
    complete("newton", {}, values);
    return newton();
  },
};
