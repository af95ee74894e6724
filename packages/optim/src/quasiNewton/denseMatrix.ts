import { add, dot, eye, item, type Matrix, matmul, outer, scale, sub, type Vector } from "@lodo/tensor";
import { grownScale, type InverseHessian } from "./inverseHessian.ts";
import type { Guard, Pair } from "./pair.ts";
import type { Scaling } from "./scaling.ts";

export interface DenseMatrix {
  /** [n, n] */
  readonly H: Matrix;
  /** H is γ I until the first pair is learned. */
  readonly gamma: number;
  readonly learned: boolean;
}

export interface DenseMatrixOptions {
  readonly guard: Guard;
  /** γ of the matrix that the first pair updates; γ₀ unless given. */
  readonly scaling?: Scaling;
  /** γ₀ */
  readonly gamma0: number;
}

/** H as a matrix (Broyden, Fletcher, Goldfarb & Shanno 1970). Applying and learning cost O(n²). */
export const denseMatrix = ({ guard, scaling, gamma0: γ0 }: DenseMatrixOptions): InverseHessian<DenseMatrix> => {
  const multiple = (γ: number, { shape: [n], dtype }: Vector): Matrix => scale(γ, eye(n, { dtype }));
  const unlearned = (x: Vector, γ: number): DenseMatrix => ({ H: multiple(γ, x), gamma: γ, learned: false });
  return {
    init: (x0) => unlearned(x0, γ0),
    apply: ({ H }, v) => matmul(H, v),
    learn({ H, gamma: γ, learned }, pair) {
      if (!guard(pair)) return learned ? { H, gamma: γ, learned } : unlearned(pair.s, grownScale(γ));
      const first = !learned && scaling ? multiple(scaling([pair]), pair.s) : H;
      return { H: bfgsUpdate(first, pair), gamma: γ, learned: true };
    },
    learned: ({ learned }) => learned,
    witness: ({ H }) => H,
  };
};

/**
 * H ← (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ, ρ = 1/sᵀy (Nocedal & Wright 2006, equation 6.17), multiplied out so that H stays symmetric to the
 * bit: H + s wᵀ + w sᵀ with w = ½ ρ (1 + ρ yᵀHy) s − ρ H y.
 */
export function bfgsUpdate(H: Matrix, { s, y, sy }: Pair): Matrix {
  const ρ = 1 / sy;
  const Hy = matmul(H, y);
  const w = sub(scale(0.5 * ρ * (1 + ρ * item(dot(y, Hy))), s), scale(ρ, Hy));
  return add(H, add(outer(s, w), outer(w, s)));
}
