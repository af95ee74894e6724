import { portable } from "@lodo/tensor";
import fc from "fast-check";
import { type Matrix as Dense, EigenvalueDecomposition } from "ml-matrix";
import {
  type ErrorDynamicsCase,
  errorDynamicsAt,
  errorDynamicsCases,
  errorFlow,
  product,
  stationaryCovariance,
} from "./apparatus/errorDynamics.ts";
import { type Flow, flowPath } from "./apparatus/flowPath.ts";
import { inverseError, inverseErrorDecrease, inverseErrorSlope, withInverseError } from "./apparatus/inverseError.ts";
import { type Claim, defineClaim, equalityMargin } from "./claim.ts";

interface Case extends ErrorDynamicsCase {
  /** V ‖H‖² at the start: below 1, A stays where ρ(A) < 1. */
  readonly start: number;
}

const leastEigenvalue = (A: Dense): number => Math.min(...new EigenvalueDecomposition(A, { assumeSymmetric: true }).realEigenvalues);

export const flowDecreases: Claim = defineClaim<Case, Flow>({
  id: "flow-decreases",
  reference: "equation (10), expressions (11) to (14)",
  statement:
    "Along the flow (10), as long as ρ(A) < 1 and E[s sᵀ] ≻ 0, the error of the inverse Hessian V = ‖H⁻¹ − G‖_F² falls strictly unless A = 0, with " +
    "dV/dt = −2 tr(Aᵀ H A S), S the sum in (10); once ‖H⁻¹ − G‖_F < 1/‖H‖, ρ(A) < 1 for ever and A → 0, V at least as fast as exp(−2 λ_min(E[s sᵀ]) λ_min(H)³ t).",
  status: "proved",
  cases: fc
    .tuple(errorDynamicsCases, fc.constantFrom(0.2, 0.9, 0.99))
    .map(([c, start]) => ({ ...c, n: Math.min(c.n, 3), least: Math.max(c.least, 0.4), start })),
  runs: 25,
  subject: errorFlow,
  wrong: {
    "a sign: dA/dt = + H A S H²": (A, drive) => errorFlow(A, drive).mul(-1),
    "a missing transpose: Aᵀ for A": (A, drive) => errorFlow(A.transpose(), drive),
    "the powers of H exchanged: H² A S H": (A, { H, C }) => product(H, H, A, stationaryCovariance(A, C), H).mul(-1),
    "a wrong order: H S A H²": (A, { H, C }) => product(H, stationaryCovariance(A, C), A, H, H).mul(-1),
  },
  margin(c, flow) {
    const { A, ...drive } = errorDynamicsAt(c);
    const A0 = withInverseError(A, drive.H, c.start);
    const slowest = 2 * leastEigenvalue(drive.C) * leastEigenvalue(drive.H) ** 3;
    let worst = 1;
    let last = { t: 0, V: Number.POSITIVE_INFINITY };
    // Until V has fallen by exp(−6), if it falls at the least rate.
    for (const { t, A, radius } of flowPath(flow, drive, A0, 6 / slowest)) {
      const V = inverseError(A, drive.H);
      if (!(radius < 1 && V < last.V)) return -1;
      last = { t, V };
      // Rounding: products of seven matrices, magnified by ‖H⁻¹‖³, and 2¹² for how many roundings there are and for what S is the sum of.
      const [slope, decrease] = [inverseErrorSlope(A, flow(A, drive), drive.H), inverseErrorDecrease(A, drive)];
      worst = Math.min(worst, equalityMargin(Math.abs(slope + decrease), (2 ** -40 / c.least ** 3) * decrease));
    }
    // The errors of integration stay far below a hundredth of the rate.
    return Math.min(worst, 1 - last.V / (c.start * portable.exp(-0.99 * slowest * last.t)));
  },
});
