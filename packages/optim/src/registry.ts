import type { Hyperparameters } from "@lodo/preconditioner";
import type { DType, Layout, Rng } from "@lodo/tensor";
import type { Optimizer } from "./optimizer.ts";

/** What a registered optimizer is told of the problem. */
export interface Problem {
  /** n */
  readonly dim: number;
  readonly dtype?: DType;
  /** Where fixed random structure is drawn from. */
  readonly rng: Rng;
  readonly layout?: Layout;
}

/** An optimizer as a registry, a command line or a tuner sees it. */
export interface RegisteredOptimizer {
  readonly id: string;
  readonly summary: string;
  /** Where it comes from: a section of the paper, or a reference. */
  readonly reference: string;
  readonly hyperparameters: Hyperparameters;
  /** The hyperparameters that there are once these values are given, where choosing one (an architecture) decides which others there are. */
  hyperparametersWith?(values: Readonly<Record<string, unknown>>): Hyperparameters;
  /** @throws ArgumentError naming the hyperparameter, its domain and what was given. */
  create(problem: Problem, values: Readonly<Record<string, unknown>>): Optimizer<unknown, never>;
}
