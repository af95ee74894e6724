import { Matrix as Dense } from "ml-matrix";
import { seeds } from "./apparatus/cases.ts";
import { errorFlow, product, spectralRadius, stationaryCovariance } from "./apparatus/errorDynamics.ts";
import { type Flow, flowPath } from "./apparatus/flowPath.ts";
import { type FlowStart, turnedExample } from "./apparatus/turnedExample.ts";
import { type Claim, defineClaim } from "./claim.ts";

/**
 * From ρ(A) = 0.87, ‖A‖₂ = 1.53, the flow comes to ρ(A) = 1 in finite time. Whether it can from ‖A‖₂ < 1 is open: following the flow backwards from 2000
 * random states in two dimensions that are about to leave came down to ‖A‖₂ = 1.001, and not below 1.
 */
const escaping: FlowStart = {
  A: new Dense([
    [-0.4, 0.3],
    [-0.8, -1.3],
  ]),
  H: Dense.diag([1, 0.1]),
  C: Dense.eye(2),
};

/** Where the flow counts as having left: the rest of the way takes a time in proportion to (1 − ρ)². */
const edge = 0.9999;

export const flowEscape: Claim = defineClaim<number, Flow>({
  id: "flow-escape",
  reference: "equation (10), Section 4.1",
  statement:
    "The error has to begin small, as Section 4.1 assumes: ρ(A) < 1, for which the sum in (10) converges, is not enough for A → 0 along (10). From " +
    "A = [−0.4 0.3; −0.8 −1.3], H = diag(1, 0.1) and E[s sᵀ] = I, where ρ(A) = 0.87 and ‖A‖₂ = 1.53, and from every start near it, ρ(A) reaches 1 in finite " +
    "time, where the sum diverges. From ‖A‖₂ < 1, which Section 4.1 asks for, we know of no escape, and have no proof that there is none; " +
    "‖H⁻¹ − G‖_F < 1/‖H‖ is enough (claim flow-decreases).",
  status: "argued",
  cases: seeds,
  runs: 10,
  subject: errorFlow,
  wrong: {
    "without curvature: dA/dt = −A S": (A, { C }) => A.mmul(stationaryCovariance(A, C)).mul(-1),
    "E[s sᵀ] for the sum, which does not diverge": (A, { H, C }) => product(H, A, C, H, H).mul(-1),
  },
  margin(seed, flow) {
    const start = turnedExample(escaping, seed);
    if (!(spectralRadius(start.A) < 0.9)) return -1;
    // Without leaving, A would have fallen by then to a small part of itself.
    let steps = 0;
    let last = 0;
    for (const { A, radius } of flowPath(flow, start, start.A, 1000)) {
      last = radius;
      if (radius > edge) return 1;
      if (++steps > 2000 || A.norm() < 0.5 * start.A.norm()) break;
    }
    return last / edge - 1;
  },
});
