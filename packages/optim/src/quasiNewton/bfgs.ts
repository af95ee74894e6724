import { complete, type Hyperparameter, rate, type ValuesOf } from "@lodo/preconditioner";
import { add, scale, sub, type Vector, valueAndGrad, zerosLike } from "@lodo/tensor";
import { checkFits, type Optimizer } from "../optimizer.ts";
import type { RegisteredOptimizer } from "../registry.ts";
import { type DenseMatrix, denseMatrix } from "./denseMatrix.ts";
import { anyCurvature, pairOf } from "./pair.ts";

export interface BfgsState {
  readonly memory: DenseMatrix;
  /** The last step, and the gradient before it; zero at the start. */
  readonly s: Vector;
  readonly g: Vector;
}

const hyperparameters: { readonly learningRate: Hyperparameter<number> } = { learningRate: rate(0.01, "η, the same for every step") };

/**
 * BFGS as the paper ran it: a dense H, H₀ = I, a fixed rate, and one evaluation a step. So y is a difference between two draws of the loss: noise, of
 * either sign in sᵀy, which nothing guards against. On the noisy bowl it diverges. See `bfgsCorrected`.
 */
export function bfgs(options: Partial<ValuesOf<typeof hyperparameters>> = {}): Optimizer<BfgsState> {
  const { learningRate: η } = complete("bfgs", hyperparameters, options);
  const inverseHessian = denseMatrix({ guard: anyCurvature, gamma0: 1 });
  return {
    name: "bfgs",
    requires: new Set(),
    init: (x0) => ({ memory: inverseHessian.init(x0), s: zerosLike(x0), g: zerosLike(x0) }),
    update(objective, x, { memory: before, s, g }) {
      checkFits("bfgs", x, s);
      const [loss, gNext] = valueAndGrad((x: Vector) => objective.value(x))(x);
      // y_t = ∇ℓ_t(x_t) − ∇ℓ_{t−1}(x_{t−1})
      const memory = inverseHessian.learn(before, pairOf(s, sub(gNext, g)));
      // x_{t+1} = x_t − η H ∇ℓ_t(x_t)
      const sNext = scale(-η, inverseHessian.apply(memory, gNext));
      return { x: add(x, sNext), state: { memory, s: sNext, g: gNext }, evaluations: [loss] };
    },
  };
}

export const bfgsOptimizer: RegisteredOptimizer = {
  id: "bfgs",
  summary: "dense BFGS across draws, as the paper ran it",
  reference: "Section 5.1; Broyden 1970",
  hyperparameters,
  tunable: ["learningRate"],
  create: (_, values) => bfgs(values),
};
