import { ArgumentError } from "../errors.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { greater } from "./compare.ts";
import { where } from "./select.ts";

/**
 * x limited to [min, max]; its derivative is 1 on the closed interval and 0 outside. NaN stays NaN.
 * @throws ArgumentError unless min ≤ max.
 */
export function clip<S extends Shape>(
  x: Tensor<S>,
  { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: { readonly min?: number; readonly max?: number },
): Tensor<S> {
  if (!(min <= max)) throw new ArgumentError("clip", `min must be at most max, got min = ${min}, max = ${max}`);
  return where(greater(x, max), max, where(greater(min, x), min, x)) as Tensor as Tensor<S>;
}
