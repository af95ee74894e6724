import { hessian, type Matrix, type Scalar, type Vector } from "@lodo/tensor";

/** One draw of the loss, ℓ: ℝⁿ → ℝ, the same minibatch at every call. Written in ops, so gradients and curvature follow from it. */
export interface Objective {
  value(x: Vector): Scalar;
}

/** A loss that knows its curvature. */
export interface TwiceDifferentiable extends Objective {
  /** ∇²ℓ(x), [n, n] */
  hessian(x: Vector): Matrix;
  /** [∇²ℓ(x)]⁻¹ v, where the loss has a cheaper way than factorising the Hessian. */
  hessianSolve?(x: Vector, v: Vector): Vector;
}

/** ℓ = ½‖r‖²: what Gauss–Newton methods need. */
export interface LeastSquares extends Objective {
  residuals(x: Vector): Vector;
}

/** What an optimizer can demand of an objective beyond its value. */
export type Requirement = "hessian" | "residuals";

/** The Hessian of any objective, by automatic differentiation. */
export const withHessian = (f: Objective): TwiceDifferentiable => ({
  value: (x) => f.value(x),
  hessian: hessian((x) => f.value(x)),
});
