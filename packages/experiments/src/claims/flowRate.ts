import type { LodoState } from "@lodo/optim";
import { add, array, createRng, type Matrix, normal, scale, type Vector, zeros } from "@lodo/tensor";
import fc from "fast-check";
import { Matrix as Dense, inverse } from "ml-matrix";
import { type DenseLodo, denseLodo, denseLodoWith, metaStep } from "./apparatus/denseLodo.ts";
import {
  type ErrorDynamicsCase,
  errorDynamicsAt,
  errorDynamicsCases,
  errorFlow,
  product,
  stationaryCovariance,
} from "./apparatus/errorDynamics.ts";
import type { Flow } from "./apparatus/flowPath.ts";
import { toTensor } from "./apparatus/symmetricMatrix.ts";
import { bowl } from "./apparatus/wanderingBowl.ts";
import { type Claim, defineClaim, equalityMargin } from "./claim.ts";

interface Case extends ErrorDynamicsCase {
  /** c */
  readonly factor: number;
}

/** The flow, and the algorithm that it is the limit of. */
interface Subject {
  readonly flow: Flow;
  readonly lodo: DenseLodo;
}

const right: Subject = { flow: errorFlow, lodo: denseLodo };

interface Run {
  readonly H: Matrix;
  readonly G: Matrix;
  readonly alpha: number;
  /** What the steps of the centre are multiplied by. */
  readonly noise: number;
}

/** G after some steps of LODO from x₀ = x*₀. */
function learned(lodo: DenseLodo, { H, G, alpha, noise }: Run, seed: number): Matrix {
  const n = H.shape[0];
  const rng = createRng(seed).split("draws");
  const optimizer = lodo(n, alpha);
  let [x, centre]: [Vector, Vector] = [zeros([n]), zeros([n])];
  let state: LodoState<Matrix, null> = { ...optimizer.init(x, rng), theta: G };
  for (let t = 0; t < 12; t++) {
    centre = add(centre, scale(noise, normal(rng, [n])));
    ({ x, state } = optimizer.update(bowl(H, centre), x, state));
  }
  return state.theta;
}

const relativeDifference = (A: Dense, B: Dense): number => Dense.sub(A, B).norm() / B.norm();

export const flowRate: Claim = defineClaim<Case, Subject>({
  id: "flow-rate",
  reference: "equation (10), Section 4.1",
  statement:
    "The flow (10) goes c times as fast when the noise covariance is multiplied by c, and c³ times when H is, at fixed A; and so does LODO itself: with the noise " +
    "scaled by √c, or H by c and G by 1/c, it learns the same A as with α scaled by c, or by c³: to the bit, where √c is a power of two.",
  status: "argued",
  cases: fc.tuple(errorDynamicsCases, fc.constantFrom(1 / 16, 1 / 4, 4, 16)).map(([c, factor]) => ({ ...c, factor })),
  runs: 60,
  subject: right,
  wrong: {
    "a missing power of H: dA/dt = −H A S H": { ...right, flow: (A, { H, C }) => product(H, A, stationaryCovariance(A, C), H).mul(-1) },
    "A Sᵀ S in place of A S": {
      ...right,
      flow: (A, { H, C }) => {
        const S = stationaryCovariance(A, C);
        return product(H, A, S.transpose(), S, H, H).mul(-1);
      },
    },
    "a wrong α: divided by the size of the hypergradient": {
      ...right,
      lodo: (n, alpha) =>
        denseLodoWith(
          n,
          metaStep((g) => scale(-alpha / (1 + Math.max(...array(g).map(Math.abs))), g)),
        ),
    },
  },
  margin({ factor: c, ...dynamics }, { flow, lodo }) {
    const { A, H, C } = errorDynamicsAt(dynamics);
    const plain = flow(A, { H, C });
    // Rounding: products of five matrices and a sum that doubles, all of which scaling by c changes in the exponent alone.
    const rounding = 2 ** -40;
    const flows = Math.min(
      equalityMargin(relativeDifference(flow(A, { H, C: Dense.mul(C, c) }), Dense.mul(plain, c)), rounding),
      equalityMargin(relativeDifference(flow(A, { H: Dense.mul(H, c), C }), Dense.mul(plain, c * c * c)), rounding),
    );
    // G = (I − A) H⁻¹
    const G = toTensor(Dense.sub(Dense.eye(dynamics.n), A).mmul(inverse(H)));
    // Small enough for A to stay where it is bounded, also at c³ α.
    const run: Run = { H: toTensor(H), G, alpha: 0.01 * Math.min(1, 1 / c ** 3), noise: 1 };
    const after = (changes: Partial<Run>): Matrix => learned(lodo, { ...run, ...changes }, dynamics.seed);
    const same = (P: Matrix, Q: Matrix): boolean => array(P).every((p, i) => p === array(Q)[i]);
    const noisier = same(after({ noise: Math.sqrt(c) }), after({ alpha: c * run.alpha }));
    const steeper = same(scale(c, after({ H: scale(c, run.H), G: scale(1 / c, G) })), after({ alpha: c * c * c * run.alpha }));
    return noisier && steeper ? flows : -1;
  },
});
