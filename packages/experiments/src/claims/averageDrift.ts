import { createRng } from "@lodo/tensor";
import fc from "fast-check";
import { Matrix as Dense } from "ml-matrix";
import {
  type Drive,
  type ErrorDynamicsCase,
  errorDynamicsAt,
  errorDynamicsCases,
  errorFlow,
  product,
  stationaryCovariance,
} from "./apparatus/errorDynamics.ts";
import { type NoiseFamily, noiseFamilies } from "./apparatus/noiseFamilies.ts";
import { meanDrift } from "./apparatus/sampledDrift.ts";
import { type Claim, defineClaim } from "./claim.ts";

interface Case extends ErrorDynamicsCase {
  readonly noise: NoiseFamily;
}

/** What the average drift of A is said to be, for each unit of α. */
type Subject = (A: Dense, drive: Drive) => Dense;

/** Standard errors that chance is allowed: a mean of 400 independent runs goes further about once in 10⁸ times. */
const confidence = 6;

export const averageDrift: Claim = defineClaim<Case, Subject>({
  id: "average-drift",
  reference: "expressions (8) and (9)",
  statement:
    "With A frozen in (7), the drift of A by (5) is on average −α H A (Σ_{n≥0} Aⁿ E[s sᵀ] (Aⁿ)ᵀ) H²: it depends on the noise through its covariance alone. " +
    "Monte Carlo over s_t agrees within 6 standard errors in every entry.",
  status: "argued",
  cases: fc.tuple(errorDynamicsCases, fc.constantFrom(...noiseFamilies)).map(([c, noise]) => ({ ...c, noise })),
  runs: 40,
  subject: errorFlow,
  wrong: {
    "a sign: A grows": (A, drive) => errorFlow(A, drive).mul(-1),
    "a missing transpose: Aⁿ for (Aⁿ)ᵀ": (A, { H, C }) => {
      let [S, P] = [C, A];
      for (let n = 1; n < 100; n++) [S, P] = [Dense.add(S, product(P, C, P)), P.mmul(A)];
      return product(H, A, S, H, H).mul(-1);
    },
    "E[s sᵀ] for the sum: a b that forgets": (A, { H, C }) => product(H, A, C, H, H).mul(-1),
    "a missing factor A: b_t b_tᵀ for b_{t+1} b_tᵀ": (A, { H, C }) => product(H, stationaryCovariance(A, C), H, H).mul(-1),
  },
  margin(c, driftOf) {
    const dynamics = errorDynamicsAt(c);
    const { mean, standardError } = meanDrift(dynamics, c.noise, createRng(c.seed).split("samples"));
    const expected = driftOf(dynamics.A, dynamics);
    // The margin of the entry that is off most, in its own standard errors.
    let worst = 1;
    for (const [i, row] of mean.to2DArray().entries())
      for (const [j, drift] of row.entries())
        worst = Math.min(worst, 1 - Math.abs(drift - expected.get(i, j)) / (confidence * standardError.get(i, j)));
    return Number.isNaN(worst) ? Number.NEGATIVE_INFINITY : worst;
  },
});
