import { complete } from "@lodo/preconditioner";
import { solve, type Vector, valueAndGrad } from "@lodo/tensor";
import type { TwiceDifferentiable } from "./objective.ts";
import type { Optimizer } from "./optimizer.ts";
import type { RegisteredOptimizer } from "./registry.ts";
import { stepUnlessSingular } from "./stepUnlessSingular.ts";

/** Newton's method: x ← x − H⁻¹ g, H = ∇²ℓ(x). A singular Hessian stops it at the last iterate. */
export function newton(): Optimizer<null, TwiceDifferentiable> {
  return {
    name: "newton",
    requires: new Set(["hessian"]),
    init: () => null,
    update(objective, x) {
      const [loss, g] = valueAndGrad((x: Vector) => objective.value(x))(x);
      // x ← x − H⁻¹ g
      return stepUnlessSingular("newton", x, loss, () => objective.hessianSolve?.(x, g) ?? solve(objective.hessian(x), g));
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
