import type { Hyperparameters, Preconditioner } from "@lodo/preconditioner";
import type { DType, Layout, Params, Rng } from "@lodo/tensor";
import type { GradientTransform, Optimizer } from "./optimizer.ts";

/** What a registered optimizer is told of the problem. */
export interface Problem {
  /** n */
  readonly dim: number;
  readonly dtype?: DType;
  /** Where fixed random structure is drawn from. */
  readonly rng: Rng;
  /** Which slices of x are layers, for methods that treat layers apart. */
  readonly layout?: Layout;
  /**
   * How many evaluations of the loss the run is meant to last, for schedules that end with it. Where nobody knows, it is absent: an optimizer whose steps
   * depend on it refuses to be made without.
   */
  readonly steps?: number;
}

/** What Algorithm 1 is run with. */
export interface LodoParts {
  /** G */
  readonly preconditioner: Preconditioner;
  /** Learns θ from hypergradients. */
  readonly meta: GradientTransform<Params>;
  /** β, momentum decay. */
  readonly beta: number;
}

/** An optimizer as a registry, a command line or a tuner sees it. */
export interface RegisteredOptimizer {
  readonly id: string;
  readonly summary: string;
  /** Where it comes from: a section of the paper, or a reference. */
  readonly reference: string;
  readonly hyperparameters: Hyperparameters;
  /** Those among them that a tuner searches, each on the scale of its domain: rates and decays. */
  readonly tunable: readonly string[];
  /** The hyperparameters that there are once these values are given, where choosing one (an architecture) decides which others there are. */
  hyperparametersWith?(values: Readonly<Record<string, unknown>>): Hyperparameters;
  /** @throws ArgumentError naming the hyperparameter, its domain and what was given. */
  create(problem: Problem, values: Readonly<Record<string, unknown>>): Optimizer<unknown, never>;
  /** Where it is LODO or a variant: what `create` makes it of, for whoever looks at it in pieces. @throws as `create` does. */
  lodoParts?(problem: Problem, values: Readonly<Record<string, unknown>>): LodoParts;
}
