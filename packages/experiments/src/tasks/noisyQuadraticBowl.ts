import type { Task, TwiceDifferentiable } from "@lodo/optim";
import { complete, count, type Hyperparameter, rate, type ValuesOf } from "@lodo/preconditioner";
import {
  add,
  array,
  div,
  dot,
  haarOrthogonal,
  type Matrix,
  matmul,
  mul,
  normal,
  pow,
  type Rng,
  reshape,
  scale,
  sub,
  transpose,
  type Vector,
  vector,
  zeros,
} from "@lodo/tensor";
import type { RegisteredTask } from "./task.ts";

/** Where the centre of the bowl has wandered to. */
export interface BowlState {
  readonly centre: Vector;
}

export interface NoisyQuadraticBowl extends Task<BowlState, TwiceDifferentiable> {
  /** H, [n, n] */
  readonly hessian: Matrix;
}

const options: { readonly dim: Hyperparameter<number>; readonly noise: Hyperparameter<number> } = {
  dim: count(100, 1, "n"),
  noise: rate(1, "σ, standard deviation of the centre's step"),
};

/**
 * Section 5.1 and Appendix F.1: ℓ(x) = ½ (x − c)ᵀ H (x − c), whose centre takes a step N(0, σ² I) before every evaluation. H = U diag(λ) Uᵀ with U
 * Haar-orthogonal and λ geometric from 0.001 to 1; x₀ = c₀ = 0. A method that jumps to the last centre at every step has the expected loss
 * ½ σ² tr H: 7.41 at n = 100, σ = 1.
 */
export function noisyQuadraticBowl(rng: Rng, values: Partial<ValuesOf<typeof options>> = {}): NoisyQuadraticBowl {
  const { dim: n, noise: σ } = complete("noisy-quadratic-bowl", options, values);
  const U = reshape(haarOrthogonal(rng, 1, n), [n, n]);
  const λ = geometric(0.001, 1, n);
  const Uᵀ = transpose(U);
  const H = matmul(U, mul(reshape(λ, [n, 1]), Uᵀ)) as Matrix;
  const objective = (c: Vector): TwiceDifferentiable => ({
    // ℓ(x) = ½ (x − c)ᵀ H (x − c)
    value: (x) => scale(0.5, dot(sub(x, c), matmul(H, sub(x, c)))),
    hessian: () => H,
    // H⁻¹ v = U diag(1/λ) Uᵀ v
    hessianSolve: (_, v) => matmul(U, div(matmul(Uᵀ, v), λ)),
  });
  return {
    name: "noisy-quadratic-bowl",
    dim: n,
    hessian: H,
    init: () => ({ x: zeros([n]), state: { centre: zeros([n]) } }),
    draw({ centre }, rng) {
      const c = add(centre, scale(σ, normal(rng, [n])));
      return [objective(c), { centre: c }];
    },
  };
}

/** n numbers from a to b in equal ratios. n = 1 gives b. */
function geometric(a: number, b: number, n: number): Vector {
  const exponents = Array.from({ length: n }, (_, i) => (n === 1 ? 1 : i / (n - 1)));
  return vector(array(pow(b / a, vector(exponents))).map((r) => a * r));
}

export const noisyQuadraticBowlTask: RegisteredTask = {
  id: "noisy-quadratic-bowl",
  summary: "a quadratic bowl of condition number 1000 whose centre wanders",
  reference: "Section 5.1",
  options,
  create: noisyQuadraticBowl,
};
