import { newton, type Optimizer, type TwiceDifferentiable } from "@lodo/optim";
import { add, portable, scale, sub } from "@lodo/tensor";
import fc from "fast-check";
import { EigenvalueDecomposition } from "ml-matrix";
import { newtonsLoss } from "../experiments/newtonsLoss.ts";
import { advance, begin, streams } from "../simulation.ts";
import { noisyQuadraticBowl } from "../tasks/noisyQuadraticBowl.ts";
import { withArena } from "../withArena.ts";
import { seeds } from "./apparatus/cases.ts";
import { chiSquareMargin } from "./apparatus/chiSquareBound.ts";
import { toDense } from "./apparatus/symmetricMatrix.ts";
import { type Claim, defineClaim, equalityMargin } from "./claim.ts";

interface Case {
  readonly n: number;
  /** σ */
  readonly noise: number;
  readonly seed: number;
}

type Subject = () => Optimizer<null, TwiceDifferentiable>;

/** Newton's method whose steps are `part` as long. */
const partly =
  (part: number): Subject =>
  () => {
    const whole = newton();
    return {
      ...whole,
      update(objective, x, state) {
        const update = whole.update(objective, x, state);
        return { ...update, x: add(x, scale(part, sub(update.x, x))) };
      },
    };
  };

const steps = 200;

/** ½ tr H of the paper's bowl: 100 eigenvalues in equal ratios from 0.001 to 1. */
const halfTrace = (): number => {
  const ratio = portable.pow(1000, 1 / 99);
  return (0.5 * (ratio - 0.001)) / (ratio - 1);
};

export const newtonLoss: Claim = defineClaim<Case, Subject>({
  id: "newton-loss",
  reference: "Section 5.1, Appendix F.1, Table 1",
  statement:
    "Newton's method, which jumps to the last centre of the noisy bowl, has the expected loss ½ σ² tr H at every step: 7.41 at n = 100 and σ = 1. Its mean over 200 steps " +
    "is where a sum of independent squares is with a probability of 1 − 4 · 10⁻⁹.",
  status: "proved",
  cases: fc.record({ n: fc.integer({ min: 1, max: 6 }), noise: fc.constantFrom(0.1, 1, 10), seed: seeds }),
  runs: 6,
  subject: newton,
  wrong: {
    "a sign: x + H⁻¹ g": partly(-1),
    "a wrong α: a third of the step": partly(1 / 3),
    "a wrong α: 1.7 times the step": partly(1.7),
  },
  margin({ n, noise: σ, seed }, newtonsMethod) {
    const from = streams(seed);
    const task = noisyQuadraticBowl(from.problem, { dim: n, noise: σ });
    const optimizer = newtonsMethod();
    let [snapshot, mean] = [begin(task, optimizer, from), 0];
    withArena((arena) => {
      for (let t = 0; t < steps; t++) {
        const next = advance(task, optimizer, snapshot, arena);
        snapshot = next.snapshot;
        mean += (next.losses[0] as number) / steps;
      }
    });
    // Each loss is ½ sᵀ H s with s ~ N(0, σ² I): a sum of ½ σ² λᵢ zᵢ².
    const λ = new EigenvalueDecomposition(toDense(task.hessian), { assumeSymmetric: true }).realEigenvalues;
    const a = λ.map((λᵢ) => (0.5 * σ * σ * λᵢ) / steps);
    const sums = { mean: 0, variance: 0, largest: Math.max(...a) };
    for (const aᵢ of a) {
      sums.mean += steps * aᵢ;
      sums.variance += steps * 2 * aᵢ * aᵢ;
    }
    return Math.min(chiSquareMargin(mean, sums), equalityMargin(Math.abs(halfTrace() - newtonsLoss), 0.005));
  },
});
