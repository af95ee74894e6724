import { complete, type Hyperparameter, rate, type ValuesOf } from "@lodo/preconditioner";
import {
  ArgumentError,
  add,
  array,
  dot,
  epsilon,
  equal,
  eye,
  item,
  jacobian,
  type Matrix,
  matmul,
  maximum,
  mul,
  neg,
  norm,
  scale,
  solve,
  sub,
  sum,
  type Tensor,
  transpose,
  type Vector,
  where,
  zerosLike,
} from "@lodo/tensor";
import type { LeastSquares } from "./objective.ts";
import { checkFits, type Optimizer, type StopReason, type Update } from "./optimizer.ts";
import type { RegisteredOptimizer } from "./registry.ts";

export interface LevenbergMarquardtState {
  /** λ */
  readonly damping: number;
  /** The greatest diag(JᵀJ) so far. [n] */
  readonly scale: Vector;
}

const hyperparameters: { readonly damping: Hyperparameter<number>; readonly tolerance: Hyperparameter<number> } = {
  damping: rate(0.001, "λ₀, damping at the start"),
  tolerance: rate(1e-8, "relative length of the step, and cosine between residuals and their derivatives, at which it has converged"),
};

const name = "levenberg-marquardt-residual";

/** By then λ has grown by 2^(60 · 61/2): every step is null. */
const MAX_REFUSED = 60;

/**
 * Levenberg–Marquardt for ℓ = ½‖r‖²: (JᵀJ + λ D) δ = −Jᵀr with Marquardt's scaling D = diag(JᵀJ), and λ by Nielsen's rule (Madsen, Nielsen & Tingleff
 * 2004, Algorithm 3.16). Differs, as MINPACK does: D is the greatest so far (Moré 1978, Section 4), without which steps along a direction that has
 * become flat are not damped, and 1 where columns of J have always been zero. λ is not below ε, where it would not change JᵀJ.
 *
 * A step evaluates the loss at x, and at as many trial points as it takes to decrease it; so x is the best iterate. It stops as `converged` when a step
 * is short or promises no decrease, as `line-search-failed` when steps that promise one do not keep it however short they are, and as `not-finite`
 * when the loss, the residuals or their derivatives at x are not finite. A trial point with such a loss is only refused.
 */
export function levenbergMarquardtResidual(
  options: Partial<ValuesOf<typeof hyperparameters>> = {},
): Optimizer<LevenbergMarquardtState, LeastSquares> {
  const { damping, tolerance } = complete(name, hyperparameters, options);
  return {
    name,
    requires: new Set(["residuals"]),
    init: (x0) => ({ damping, scale: zerosLike(x0) }),
    update(objective, x, state) {
      checkFits(name, x, state.scale);
      const ε = epsilon[x.dtype];
      const loss = objective.value(x);
      const evaluations = [loss];
      const stop = (kind: StopReason["kind"], detail: string, at = x): Update<LevenbergMarquardtState> => ({
        x: at,
        state,
        evaluations,
        stop: { kind, detail: `${name}: ${detail}` },
      });
      const ℓ = item(loss);
      if (!Number.isFinite(ℓ)) return stop("not-finite", `the loss at x is ${ℓ}`);
      const r = objective.residuals(x);
      const J = jacobian((x) => objective.residuals(x))(x);
      // g = Jᵀ r
      const g = matmul(transpose(J), r);
      const A = matmul(transpose(J), J);
      if (!allFinite(g) || !allFinite(A)) return stop("not-finite", `Jᵀr or JᵀJ at x is not finite, at a loss of ${ℓ}`);
      if (array(g).every((gᵢ) => gᵢ === 0)) return stop("converged", `Jᵀr is 0 at a loss of ${ℓ}`);
      // D ← max(D, diag(JᵀJ))
      const seen = maximum(state.scale, sum(mul(J, J), { axes: 0 })) as Vector;
      const D = where(equal(seen, 0), 1, seen) as Vector;
      const [F, lengthX] = [item(dot(r, r)) / 2, item(norm(x))];
      let [λ, ν] = [state.damping, 2];
      for (let refused = 0; refused < MAX_REFUSED; refused++) {
        // (JᵀJ + λ D) δ = −Jᵀr
        const δ = solveDamped(A, scale(λ, D), g);
        if (δ) {
          // L(0) − L(δ) = ½ δᵀ(λ D δ − g), what the linear model promises
          const promised = item(dot(δ, sub(scale(λ, mul(D, δ)), g))) / 2;
          const length = item(norm(δ));
          const short = promised <= Math.max(tolerance * tolerance, ε) * F || length <= tolerance * (lengthX + tolerance);
          // Jᵀr is not 0: λ has grown until nothing is left of the step.
          if (length === 0) break;
          const trial = add(x, δ);
          const after = objective.value(trial);
          evaluations.push(after);
          const ϱ = (ℓ - item(after)) / promised;
          const better = item(after) < ℓ;
          if (short && refused === 0) {
            const detail = `a step of length ${length} promises to take ${promised} from a loss of ${ℓ}`;
            return stop("converged", detail, better ? trial : x);
          }
          // λ ← λ max(1/3, 1 − (2ϱ − 1)³)
          if (better) {
            const eased = Math.max(1 / 3, 1 - (2 * ϱ - 1) * (2 * ϱ - 1) * (2 * ϱ - 1));
            return { x: trial, state: { damping: Math.max(ε, λ * eased), scale: seen }, evaluations };
          }
          if (length <= ε * lengthX) break;
        }
        [λ, ν] = [λ * ν, 2 * ν];
      }
      return stop("line-search-failed", `no step decreases the loss from ${ℓ}, up to a damping of ${λ}`);
    },
  };
}

const allFinite = (t: Tensor): boolean => array(t).every(Number.isFinite);

/** −(A + diag(d))⁻¹ g, or null where that matrix is singular to rounding. */
function solveDamped(A: Matrix, d: Vector, g: Vector): Vector | null {
  try {
    return neg(solve(add(A, mul(eye(d.shape[0], { dtype: d.dtype }), d)) as Matrix, g));
  } catch (error) {
    if (error instanceof ArgumentError && error.op === "solve") return null;
    throw error;
  }
}

export const levenbergMarquardtResidualOptimizer: RegisteredOptimizer = {
  id: name,
  summary: "Levenberg–Marquardt for sums of squares, with adapted damping",
  reference: "Marquardt 1963; Madsen, Nielsen & Tingleff 2004, Algorithm 3.16",
  hyperparameters,
  tunable: ["damping"],
  create: (_, values) => levenbergMarquardtResidual(values),
};
