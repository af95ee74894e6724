import { complete, count, type Hyperparameter, rate, type ValuesOf } from "@lodo/preconditioner";
import type { Optimizer } from "../optimizer.ts";
import type { RegisteredOptimizer } from "../registry.ts";
import { type LimitedMemory, limitedMemory } from "./limitedMemory.ts";
import { anyCurvature, type Guard, positiveCurvature } from "./pair.ts";
import { type SameDrawState, sameDraw } from "./sameDraw.ts";
import { meanOfPairs, newestPair, oldestStepNewestChange, type Scaling } from "./scaling.ts";

const hyperparameters: {
  readonly learningRate: Hyperparameter<number>;
  readonly tau: Hyperparameter<number>;
  readonly history: Hyperparameter<number>;
  readonly epsilon: Hyperparameter<number>;
} = {
  learningRate: rate(1, "η₀, learning rate at the start"),
  tau: rate(10_000, "τ, steps after which the rate has halved"),
  history: count(48, 1, "pairs (s, y) kept"),
  epsilon: rate(1e-10, "ε, scale of the first step"),
};

type Values = ValuesOf<typeof hyperparameters>;
type OnlineLbfgs = Optimizer<SameDrawState<LimitedMemory>>;

/** η_t = η₀ τ/(τ + t), both gradients of a step on one draw, H₀ = ε I until there is a pair. */
function onlineLbfgs(name: string, options: Partial<Values>, rule: { readonly guard: Guard; readonly scaling: Scaling }): OnlineLbfgs {
  const { learningRate: η0, tau: τ, history, epsilon: ε } = complete(name, hyperparameters, options);
  return sameDraw(name, {
    inverseHessian: limitedMemory({ history, gamma0: ε, ...rule }),
    rate: (t) => (η0 * τ) / (τ + t),
  });
}

/**
 * L-BFGS as the paper ran it: no curvature guard, and H₀ scaled by the oldest s with the newest y. The textbook takes both from the newest pair and
 * skips pairs of no positive curvature: see `lbfgsCorrected`.
 */
export const lbfgs = (options: Partial<Values> = {}): OnlineLbfgs =>
  onlineLbfgs("l-bfgs", options, { guard: anyCurvature, scaling: oldestStepNewestChange });

/** L-BFGS (Nocedal & Wright 2006, Section 7.2) without a line search: H₀ scaled by the newest pair, pairs of no positive curvature skipped. */
export const lbfgsCorrected = (options: Partial<Values> = {}): OnlineLbfgs =>
  onlineLbfgs("l-bfgs-corrected", options, { guard: positiveCurvature, scaling: newestPair });

/**
 * O-LBFGS (Schraudolph et al. 2007) as the paper ran it: H₀ scaled by the mean over all pairs, no curvature guard, and λ = 0 in their
 * y + λ s, which is there to keep the curvature of losses that are not convex positive.
 */
export const olbfgs = (options: Partial<Values> = {}): OnlineLbfgs =>
  onlineLbfgs("o-lbfgs", options, { guard: anyCurvature, scaling: meanOfPairs });

/** O-LBFGS (Schraudolph et al. 2007), with pairs of no positive curvature skipped instead of their λ. */
export const olbfgsCorrected = (options: Partial<Values> = {}): OnlineLbfgs =>
  onlineLbfgs("o-lbfgs-corrected", options, { guard: positiveCurvature, scaling: meanOfPairs });

const registered = { hyperparameters, tunable: ["learningRate", "tau"] } as const;

export const lbfgsOptimizer: RegisteredOptimizer = {
  ...registered,
  id: "l-bfgs",
  summary: "limited-memory BFGS on draws, as the paper ran it",
  reference: "Section 5.1; Schraudolph et al. 2007",
  create: (_, values) => lbfgs(values),
};

export const lbfgsCorrectedOptimizer: RegisteredOptimizer = {
  ...registered,
  id: "l-bfgs-corrected",
  summary: "limited-memory BFGS on draws, with the textbook's scaling and a curvature guard",
  reference: "Nocedal & Wright 2006, Section 7.2",
  create: (_, values) => lbfgsCorrected(values),
};

export const olbfgsOptimizer: RegisteredOptimizer = {
  ...registered,
  id: "o-lbfgs",
  summary: "online limited-memory BFGS, as the paper ran it",
  reference: "Section 5.1; Schraudolph et al. 2007",
  create: (_, values) => olbfgs(values),
};

export const olbfgsCorrectedOptimizer: RegisteredOptimizer = {
  ...registered,
  id: "o-lbfgs-corrected",
  summary: "online limited-memory BFGS with a curvature guard",
  reference: "Schraudolph et al. 2007",
  create: (_, values) => olbfgsCorrected(values),
};
