import { complete, type Hyperparameter, rate, type ValuesOf } from "@lodo/preconditioner";
import { scale, solve, type Vector, valueAndGrad } from "@lodo/tensor";
import type { TwiceDifferentiable } from "./objective.ts";
import type { Optimizer } from "./optimizer.ts";
import type { RegisteredOptimizer } from "./registry.ts";
import { stepUnlessSingular } from "./stepUnlessSingular.ts";

const hyperparameters: { readonly learningRate: Hyperparameter<number> } = { learningRate: rate(0.5, "η") };

/**
 * Damped Newton, damped in the field's usual sense, by the length of the step (Boyd & Vandenberghe 2004, Section 9.5.2, at a fixed rate):
 * x ← x − η H⁻¹ g, H = ∇²ℓ(x). On a quadratic the distance to the minimum falls by 1 − η a step. A Hessian damped by a multiple of the identity or of
 * a diagonal is another method, Levenberg–Marquardt's. A singular Hessian stops it at the last iterate.
 */
export function dampedNewton(options: Partial<ValuesOf<typeof hyperparameters>> = {}): Optimizer<null, TwiceDifferentiable> {
  const { learningRate: η } = complete("damped-newton", hyperparameters, options);
  return {
    name: "damped-newton",
    requires: new Set(["hessian"]),
    init: () => null,
    update(objective, x) {
      const [loss, g] = valueAndGrad((x: Vector) => objective.value(x))(x);
      // x ← x − η H⁻¹ g
      const step = (): Vector => scale(η, objective.hessianSolve?.(x, g) ?? solve(objective.hessian(x), g));
      return stepUnlessSingular("damped-newton", x, loss, step);
    },
  };
}

export const dampedNewtonOptimizer: RegisteredOptimizer = {
  id: "damped-newton",
  summary: "Newton's method with shortened steps",
  reference: "Boyd & Vandenberghe 2004, Section 9.5.2",
  hyperparameters,
  tunable: ["learningRate"],
  create: (_, values) => dampedNewton(values),
};
