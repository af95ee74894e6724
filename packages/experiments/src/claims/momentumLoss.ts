import { descend, type GradientTransform, type MomentumState, momentum } from "@lodo/optim";
import { array, createRng, scale, sub, type Vector, vector } from "@lodo/tensor";
import fc from "fast-check";
import { Matrix as Dense, EigenvalueDecomposition } from "ml-matrix";
import { noisyQuadraticBowl } from "../tasks/noisyQuadraticBowl.ts";
import { seeds } from "./apparatus/cases.ts";
import { chiSquareMargin } from "./apparatus/chiSquareBound.ts";
import { autocovariances, beforeNoise, momentumMode } from "./apparatus/momentumMode.ts";
import { toDense } from "./apparatus/symmetricMatrix.ts";
import { type Claim, defineClaim } from "./claim.ts";

interface Case {
  readonly n: number;
  /** μ */
  readonly momentum: number;
  /** η as a part of 2 (1 + μ)/‖H‖, where heavy ball becomes unstable. */
  readonly part: number;
  /** σ */
  readonly noise: number;
  readonly seed: number;
}

type HeavyBall = GradientTransform<Vector, MomentumState<Vector>>;

type Subject = (learningRate: number, momentum: number) => HeavyBall;

const heavyBall: Subject = (learningRate, μ) => momentum({ learningRate, momentum: μ });

/** Independent runs, and their length in steps. */
const [runs, T] = [20, 40];

export const momentumLoss: Claim = defineClaim<Case, Subject>({
  id: "momentum-loss",
  reference: "Section 5.1, Table 1",
  statement:
    "Ours, beside the paper: heavy-ball momentum on the noisy bowl has the stationary loss Σᵢ ½ λᵢ (Pᵢ)₁₁, Pᵢ from the Lyapunov equation P = F P Fᵀ + diag(σ², 0) with F = [1 − ηλᵢ, μ; −ηλᵢ, μ]: runs started " +
    "there have that mean along every eigenvector, with a probability of 1 − 4 · 10⁻⁹ for each.",
  status: "proved",
  cases: fc.record({
    n: fc.integer({ min: 1, max: 4 }),
    momentum: fc.constantFrom(0, 0.3, 0.6, 0.9),
    part: fc.constantFrom(0.1, 0.4, 0.8),
    noise: fc.constantFrom(0.1, 1, 10),
    seed: seeds,
  }),
  runs: 8,
  subject: heavyBall,
  wrong: {
    "a sign: −η": (learningRate, μ) => {
      const right = heavyBall(learningRate, μ);
      return { ...right, update: (g, state, x) => right.update(scale(-1, g), state, x) };
    },
    "a wrong η: a quarter": (learningRate, μ) => heavyBall(0.25 * learningRate, μ),
    "a late step: x ← x + v before v is renewed": (learningRate, μ) => {
      const right = heavyBall(learningRate, μ);
      return { ...right, update: (g, state, x) => [state.v, right.update(g, state, x)[1]] };
    },
  },
  margin({ n, momentum: μ, part, noise: σ, seed }, ballWith) {
    const rng = createRng(seed);
    const task = noisyQuadraticBowl(rng.split("problem"), { dim: n, noise: σ });
    const { realEigenvalues: λ, eigenvectorMatrix: U } = new EigenvalueDecomposition(toDense(task.hessian), { assumeSymmetric: true });
    // ‖H‖ = 1
    const η = part * 2 * (1 + μ);
    const optimizer = descend(ballWith(η, μ));
    const modes = λ.map((λᵢ) => momentumMode(λᵢ, { η, μ, σ }));
    const losses = λ.map(() => 0);
    for (let run = 0; run < runs; run++) {
      const draws = rng.split("run").split(run);
      // x and v before the centre's first step, from the stationary state.
      const z = modes.map((mode) =>
        beforeNoise(mode)
          .mmul(Dense.columnVector([draws.normal(), draws.normal()]))
          .to1DArray(),
      );
      const turned = (i: 0 | 1): Vector => vector(U.mmul(Dense.columnVector(z.map((zᵢ) => zᵢ[i] as number))).to1DArray());
      let [x, state, bowl] = [turned(0), { v: turned(1) }, task.init(draws).state];
      for (let t = 0; t < T; t++) {
        const [objective, next] = task.draw(bowl, draws);
        bowl = next;
        const e = U.transpose().mmul(Dense.columnVector([...array(sub(x, bowl.centre))]));
        for (const [i, λᵢ] of λ.entries()) losses[i] = (losses[i] as number) + (0.5 * λᵢ * e.get(i, 0) ** 2) / (runs * T);
        ({ x, state } = optimizer.update(objective, x, state));
      }
    }
    const margins = modes.map((mode, i) => {
      // ½ λ e² over the steps of a run is a sum of squares whose weights are the eigenvalues of ½ λ (γ_{|t−u|}).
      const [γ, weight] = [autocovariances(mode, T), (0.5 * (λ[i] as number)) / (runs * T)];
      const sums = { squares: 0, absolute: 0 };
      for (const [k, γₖ] of γ.entries()) {
        const pairs = k === 0 ? 1 : 2;
        sums.squares += pairs * (T - k) * γₖ * γₖ;
        sums.absolute += pairs * Math.abs(γₖ);
      }
      return chiSquareMargin(losses[i] as number, {
        mean: 0.5 * (λ[i] as number) * (γ[0] as number),
        variance: 2 * runs * weight * weight * sums.squares,
        largest: weight * sums.absolute,
      });
    });
    return Math.min(...margins);
  },
});
