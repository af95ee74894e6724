import { Matrix as Dense, solve } from "ml-matrix";
import { product } from "./errorDynamics.ts";

/** Heavy ball along one eigenvector of the bowl: z = (e, v), the distance to the centre at an evaluation and the velocity. */
export interface MomentumMode {
  /** z_{t+1} = F z_t − (s, 0) */
  readonly F: Dense;
  /** E[z zᵀ] in the stationary state. */
  readonly P: Dense;
}

/** The mode of curvature λ for v ← μ v − η λ e, e ← e + v − s with s ~ N(0, σ²). */
export function momentumMode(λ: number, { η, μ, σ }: { readonly η: number; readonly μ: number; readonly σ: number }): MomentumMode {
  const F = new Dense([
    [1 - η * λ, μ],
    [-η * λ, μ],
  ]);
  const Q = new Dense([
    [σ * σ, 0],
    [0, 0],
  ]);
  // The Lyapunov equation P = F P Fᵀ + Q, as (I − F ⊗ F) vec P = vec Q.
  const vecP = solve(Dense.sub(Dense.eye(4), F.kroneckerProduct(F)), Dense.columnVector(Q.to1DArray()));
  return { F, P: Dense.from1DArray(2, 2, vecP.to1DArray()) };
}

/** γ_k = E[e_t e_{t+k}] = (Fᵏ P)₁₁ for k < T. */
export function autocovariances({ F, P }: MomentumMode, T: number): number[] {
  let FᵏP = P;
  return Array.from({ length: T }, () => {
    const γ = FᵏP.get(0, 0);
    FᵏP = F.mmul(FᵏP);
    return γ;
  });
}

/** A matrix R with R Rᵀ = F P Fᵀ, the covariance of z before the centre's next step. */
export function beforeNoise({ F, P }: MomentumMode): Dense {
  // P = L Lᵀ
  const first = Math.sqrt(P.get(0, 0));
  const below = P.get(1, 0) / first;
  const second = Math.sqrt(Math.max(0, P.get(1, 1) - below * below));
  return product(
    F,
    new Dense([
      [first, 0],
      [below, second],
    ]),
  );
}
