import type { Tensor, Vector } from "@lodo/tensor";
import type { Pair } from "./pair.ts";

/** What a quasi-Newton method takes for the inverse Hessian H, and how it learns from a pair. Pure: memories are replaced. */
export interface InverseHessian<M> {
  /** What it holds before the first pair. */
  init(x0: Vector): M;
  /** H v */
  apply(memory: M, v: Vector): Vector;
  learn(memory: M, pair: Pair): M;
  /** Whether it has learned from any pair yet. */
  learned(memory: M): boolean;
  /** A tensor with the last extent and the dtype of the x to which a memory belongs; none where it fits any. */
  witness(memory: M): Tensor | undefined;
}

/** While nothing has been learned, H = γ I, and γ grows by this factor with every pair that says nothing, up to 1. */
const GROWTH = 10;

/** γ after a pair that was not learned from, while there is none that was: steps too short to be seen grow until they are. */
export const grownScale = (γ: number): number => Math.min(GROWTH * γ, Math.max(γ, 1));
