import type { Layout, Rng, Vector } from "@lodo/tensor";
import type { Objective } from "./objective.ts";

/**
 * Something to minimise: a starting point and a stream of losses. What the draws remember (a wandering centre, a position in the data) is explicit
 * plain data, so that runs resume and spread over workers.
 */
export interface Task<S = unknown, O extends Objective = Objective> {
  readonly name: string;
  /** n */
  readonly dim: number;
  /** Which slices of x are layers, for methods that treat layers apart. */
  readonly layout?: Layout;
  init(rng: Rng): { readonly x: Vector; readonly state: S };
  draw(state: S, rng: Rng): readonly [objective: O, state: S];
  readonly optimum?: { readonly x: Vector; readonly value: number };
}
