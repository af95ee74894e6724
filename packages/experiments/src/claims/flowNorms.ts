import { Matrix as Dense } from "ml-matrix";
import { seeds } from "./apparatus/cases.ts";
import { errorFlow, product, spectralNorm, spectralRadius, stationaryCovariance } from "./apparatus/errorDynamics.ts";
import { type Flow, flowPath } from "./apparatus/flowPath.ts";
import { inverseError } from "./apparatus/inverseError.ts";
import { type FlowStart, turnedExample } from "./apparatus/turnedExample.ts";
import { type Claim, defineClaim } from "./claim.ts";

/** Along the flow from it, ‖A‖₂ and ‖A‖_F grow by half before they fall, ‖A‖₂ from 0.65 to 1.08, and ρ(A) from 0.4 to 0.6. */
const growing: FlowStart = {
  A: new Dense([
    [0.4, 0.4],
    [0, 0.4],
  ]),
  H: Dense.diag([1, 0.1]),
  C: new Dense([
    [0.2, 0.4],
    [0.4, 0.9],
  ]),
};

/** How much of its value at the start each must gain for the example to count. */
const needed = 1.25;

export const flowNorms: Claim = defineClaim<number, Flow>({
  id: "flow-norms",
  reference: "Section 4.1, after expressions (11) to (14)",
  statement:
    "False: that the norm of A itself, ‖A‖₂ or ‖A‖_F, falls along the flow (10), as Section 4.1 has it of the Frobenius norm; nor need ρ(A) fall. The norm in " +
    "expressions (11) to (14) is another, of a rescaled error (Appendix D). From A = [0.4 0.4; 0 0.4], H = diag(1, 0.1) and " +
    "E[s sᵀ] = [0.2 0.4; 0.4 0.9] all three grow by more than a quarter, ‖A‖₂ from 0.65 to above 1, and they do from every start near it and in all " +
    "orthogonal coordinates. What falls, there too, is ‖H⁻¹ − G‖_F (claim flow-decreases).",
  status: "refuted-as-stated",
  cases: seeds,
  runs: 10,
  subject: errorFlow,
  wrong: {
    "a sign: dA/dt = + H A S H²": (A, drive) => errorFlow(A, drive).mul(-1),
    "without curvature: dA/dt = −A S, along which ‖A‖_F does fall": (A, { C }) => A.mmul(stationaryCovariance(A, C)).mul(-1),
    "a missing power of H: dA/dt = −H A S H": (A, { H, C }) => product(H, A, stationaryCovariance(A, C), H).mul(-1),
  },
  margin(seed, flow) {
    const start = turnedExample(growing, seed);
    const measures = [spectralNorm, (A: Dense) => A.norm(), spectralRadius] as const;
    const first = measures.map((measure) => measure(start.A));
    let most = first;
    let V = Number.POSITIVE_INFINITY;
    for (const { A, radius } of flowPath(flow, start, start.A, 60)) {
      const next = inverseError(A, start.H);
      if (radius >= 1 || !(next < V)) return -1;
      V = next;
      most = most.map((m, i) => Math.max(m, (measures[i] as (A: Dense) => number)(A)));
    }
    if (!((first[0] as number) < 1 && (most[0] as number) > 1)) return -1;
    return Math.min(...most.map((m, i) => m / (first[i] as number) / needed - 1));
  },
});
