import { Matrix as Dense, inverse } from "ml-matrix";
import { type Drive, product, stationaryCovariance } from "./errorDynamics.ts";

/** V = ‖H⁻¹ − G‖_F² = ‖A H⁻¹‖_F², where A = I − G H. */
export const inverseError = (A: Dense, H: Dense): number => A.mmul(inverse(H)).norm() ** 2;

/** dV/dt = 2 tr((A H⁻¹)ᵀ (dA/dt) H⁻¹), whatever moves A. */
export function inverseErrorSlope(A: Dense, slopeOfA: Dense, H: Dense): number {
  const inverseH = inverse(H);
  return 2 * product(inverseH, A.transpose(), slopeOfA, inverseH).trace();
}

/**
 * −dV/dt = 2 tr(Aᵀ H A S) along (10), S the sum there, as A H⁻¹ = H⁻¹ − G moves by −H A S H. It is positive where H and S are positive definite, unless
 * A = 0.
 */
export const inverseErrorDecrease = (A: Dense, { H, C }: Drive): number =>
  2 * product(A.transpose(), H, A, stationaryCovariance(A, C)).trace();

/** A scaled so that V is this part of ‖H‖⁻², for ‖H‖ = 1: below it ‖A‖₂ ≤ ‖H‖ √V stays below 1 for ever. */
export const withInverseError = (A: Dense, H: Dense, part: number): Dense => Dense.mul(A, Math.sqrt(part / inverseError(A, H)));
