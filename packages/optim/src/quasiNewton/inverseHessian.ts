import { DTypeError, ShapeError, type Tensor, type Vector } from "@lodo/tensor";
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

/** @throws ShapeError or DTypeError unless x is a vector of the length and dtype of what a state holds. */
export function checkFits(op: string, x: Vector, witness: Tensor | undefined): void {
  const n = witness?.shape.at(-1) ?? x.shape[0];
  if (x.shape.length !== 1 || x.shape[0] !== n)
    throw new ShapeError(op, `expected x of length ${n} as its state has, got shape [${x.shape}]`);
  if (witness && witness.dtype !== x.dtype) throw new DTypeError(op, `expected x of ${witness.dtype} as its state has, got ${x.dtype}`);
}
