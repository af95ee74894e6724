import { complete, count, type Hyperparameter, type ValuesOf } from "@lodo/preconditioner";
import type { Optimizer } from "../optimizer.ts";
import type { RegisteredOptimizer } from "../registry.ts";
import { type DenseMatrix, denseMatrix } from "./denseMatrix.ts";
import { type LimitedMemory, limitedMemory } from "./limitedMemory.ts";
import { positiveCurvature } from "./pair.ts";
import { newestPair } from "./scaling.ts";
import { type LineSearchState, lineSearchHyperparameters, withLineSearch } from "./withLineSearch.ts";

const limitedHyperparameters: typeof lineSearchHyperparameters & { readonly history: Hyperparameter<number> } = {
  history: count(10, 1, "pairs (s, y) kept"),
  ...lineSearchHyperparameters,
};

/** L-BFGS (Nocedal & Wright 2006, Algorithm 7.5) with the line search of Moré & Thuente, for losses that stay the same from step to step. */
export function lbfgsLineSearch(options: Partial<ValuesOf<typeof limitedHyperparameters>> = {}): Optimizer<LineSearchState<LimitedMemory>> {
  const { history, ...rest } = complete("l-bfgs-line-search", limitedHyperparameters, options);
  const inverseHessian = limitedMemory({ history, guard: positiveCurvature, scaling: newestPair, gamma0: 1 });
  return withLineSearch("l-bfgs-line-search", inverseHessian, rest);
}

/** BFGS (Nocedal & Wright 2006, Algorithm 6.1) with the line search of Moré & Thuente, for losses that stay the same from step to step. */
export function bfgsLineSearch(options: Partial<ValuesOf<typeof lineSearchHyperparameters>> = {}): Optimizer<LineSearchState<DenseMatrix>> {
  const all = complete("bfgs-line-search", lineSearchHyperparameters, options);
  return withLineSearch("bfgs-line-search", denseMatrix({ guard: positiveCurvature, scaling: newestPair, gamma0: 1 }), all);
}

export const lbfgsLineSearchOptimizer: RegisteredOptimizer = {
  id: "l-bfgs-line-search",
  summary: "limited-memory BFGS with a line search, for losses without noise",
  reference: "Nocedal & Wright 2006, Section 7.2; Moré & Thuente 1994",
  hyperparameters: limitedHyperparameters,
  tunable: [],
  create: (_, values) => lbfgsLineSearch(values),
};

export const bfgsLineSearchOptimizer: RegisteredOptimizer = {
  id: "bfgs-line-search",
  summary: "dense BFGS with a line search, for losses without noise",
  reference: "Nocedal & Wright 2006, Section 6.1; Moré & Thuente 1994",
  hyperparameters: lineSearchHyperparameters,
  tunable: [],
  create: (_, values) => bfgsLineSearch(values),
};
