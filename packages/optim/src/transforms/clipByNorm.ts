import { complete, type Hyperparameter, rate, type ValuesOf } from "@lodo/preconditioner";
import { div, greater, less, map, mul, type Params, where } from "@lodo/tensor";
import type { GradientTransform } from "../optimizer.ts";
import { globalNorm } from "./globalNorm.ts";

const options: { readonly max: Hyperparameter<number> } = { max: rate(1, "largest norm let through") };

/**
 * Gradient clipping (Pascanu et al. 2013): g ← g · min(1, max/‖g‖), ‖g‖ over the whole tree, so that its direction stays. A gradient with NaN or
 * infinities in it passes as it is, for the caller to see, and so does one whose norm is too large for a number.
 */
export function clipByNorm<P extends Params>(given: Partial<ValuesOf<typeof options>> = {}): GradientTransform<P, null> {
  const { max } = complete("clipByNorm", options, given);
  return {
    name: "clipByNorm",
    init: () => null,
    update(g) {
      const norm = globalNorm(g);
      const tooLong = mul(greater(norm, max), less(norm, Number.POSITIVE_INFINITY));
      // min(1, max/‖g‖)
      const factor = where(tooLong, div(max, norm), 1);
      return [map((g) => mul(g, factor), g), null];
    },
  };
}
