import { Matrix as Dense, inverse } from "ml-matrix";
import { type Drive, product, stationaryCovariance } from "./errorDynamics.ts";

/**
 * V = tr(Aᵀ H⁻¹ A H⁻²) = ‖H^{−1/2} A H^{−1}‖_F², the square of a norm of A that falls along (10). Others fall too: every tr(Aᵀ Hᵃ A H⁻²) has the
 * derivative −2 tr(Aᵀ H^{1+a} A S) ≤ 0, and a = 0 is ‖A H⁻¹‖_F² = ‖H⁻¹ − G‖_F².
 */
export const weightedNorm = (A: Dense, H: Dense): number => weightedProduct(A, A, H);

/** tr(Aᵀ H⁻¹ B H⁻²), the inner product that V is the square of. */
export function weightedProduct(A: Dense, B: Dense, H: Dense): number {
  const inverseH = inverse(H);
  return product(A.transpose(), inverseH, B, inverseH, inverseH).trace();
}

/** dV/dt = −2 tr(A S Aᵀ) along (10), as H⁻¹ (H A S H²) H⁻² = A S. */
export const weightedDecrease = (A: Dense, { C }: Drive): number => 2 * product(A, stationaryCovariance(A, C), A.transpose()).trace();

/** V as a fraction of what keeps ‖A‖₂ ≤ ‖H‖^{3/2} √V below 1 for ever: A scaled so that V = part ‖H‖⁻³, for ‖H‖ = 1. */
export const withWeightedNorm = (A: Dense, H: Dense, part: number): Dense => Dense.mul(A, Math.sqrt(part / weightedNorm(A, H)));
