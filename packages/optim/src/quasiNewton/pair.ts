import { dot, item, type Vector } from "@lodo/tensor";

/** A step and what it did to the gradient: what curvature is learned from. */
export interface Pair {
  /** s = x_{t+1} − x_t */
  readonly s: Vector;
  /** y = ∇ℓ(x_{t+1}) − ∇ℓ(x_t) */
  readonly y: Vector;
  /** sᵀs, sᵀy and yᵀy. */
  readonly ss: number;
  readonly sy: number;
  readonly yy: number;
}

export const pairOf = (s: Vector, y: Vector): Pair => ({ s, y, ss: item(dot(s, s)), sy: item(dot(s, y)), yy: item(dot(y, y)) });

/** Whether a pair is learned from. */
export type Guard = (pair: Pair) => boolean;

/** As the paper ran it: negative curvature is learned from too. Only sᵀy = 0 is refused, because the update divides by it. */
export const anyCurvature: Guard = ({ sy }) => sy !== 0;

/** The least cosine of the angle between s and y, below which rounding decides the sign. */
const LEAST_COSINE = 1e-8;

/** sᵀy > 10⁻⁸ ‖s‖ ‖y‖: then H stays positive definite (Nocedal & Wright 2006, Section 6.1). */
export const positiveCurvature: Guard = ({ ss, sy, yy }) => sy > LEAST_COSINE * Math.sqrt(ss) * Math.sqrt(yy);
