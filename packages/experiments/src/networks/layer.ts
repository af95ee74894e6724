import type { Params, Rng, Tensor, TensorOptions } from "@lodo/tensor";

/**
 * A part of a network: a function of what it learns and of what comes in. The tree of what a whole network learns is its layers' trees by their names, so
 * that its layout names every weight: in "stage1.block2.spread.filter" the layer is what stands before the last dot.
 */
export interface Layer<P extends Params = Params> {
  /** The weights to start from. */
  init(rng: Rng, options?: TensorOptions): P;
  apply(weights: P, x: Tensor): Tensor;
}
