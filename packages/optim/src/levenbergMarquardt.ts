import { complete, type Hyperparameter, rate, type ValuesOf } from "@lodo/preconditioner";
import { add, eye, type Matrix, matmul, mul, scale, solve, type Vector, valueAndGrad } from "@lodo/tensor";
import type { TwiceDifferentiable } from "./objective.ts";
import type { Optimizer } from "./optimizer.ts";
import type { RegisteredOptimizer } from "./registry.ts";
import { rememberLast } from "./rememberLast.ts";
import { stepUnlessSingular } from "./stepUnlessSingular.ts";

const hyperparameters: { readonly damping: Hyperparameter<number> } = { damping: rate(0.001, "λ, damping") };

/**
 * Levenberg–Marquardt as the paper has it, told the Hessian: x ← x − (H² + λ diag(H²))⁻¹ H g, H = ∇²ℓ(x). It is Marquardt's step for the equations
 * g(x) = 0, whose Jacobian is H; λ → 0 is Newton's method. The matrix before g is computed again when the Hessian is another tensor. A singular
 * matrix stops it at the last iterate.
 */
export function levenbergMarquardt(options: Partial<ValuesOf<typeof hyperparameters>> = {}): Optimizer<null, TwiceDifferentiable> {
  const { damping: λ } = complete("levenberg-marquardt", hyperparameters, options);
  // (H² + λ diag(H²))⁻¹ H
  const damped = rememberLast((H: Matrix) => {
    const H2 = matmul(H, H);
    const diagonal = mul(eye(H.shape[0], { dtype: H.dtype }), H2);
    return solve(add(H2, scale(λ, diagonal)), H);
  });
  return {
    name: "levenberg-marquardt",
    requires: new Set(["hessian"]),
    init: () => null,
    update(objective, x) {
      const [loss, g] = valueAndGrad((x: Vector) => objective.value(x))(x);
      // x ← x − (H² + λ diag(H²))⁻¹ H g
      return stepUnlessSingular("levenberg-marquardt", x, loss, () => matmul(damped(objective.hessian(x)), g));
    },
  };
}

export const levenbergMarquardtOptimizer: RegisteredOptimizer = {
  id: "levenberg-marquardt",
  summary: "Levenberg–Marquardt, told the Hessian",
  reference: "Section 5.1; Levenberg 1944, Marquardt 1963",
  hyperparameters,
  tunable: ["damping"],
  create: (_, values) => levenbergMarquardt(values),
};
