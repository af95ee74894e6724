import { complete, type Hyperparameter, rate, type ValuesOf } from "@lodo/preconditioner";
import { clip, map, type Params } from "@lodo/tensor";
import type { GradientTransform } from "../optimizer.ts";

const options: { readonly max: Hyperparameter<number> } = { max: rate(1, "largest absolute value let through") };

/** Every number limited to [−max, max]. NaN stays NaN. */
export function clipByValue<P extends Params>(given: Partial<ValuesOf<typeof options>> = {}): GradientTransform<P, null> {
  const { max } = complete("clipByValue", options, given);
  return { name: "clipByValue", init: () => null, update: (g) => [map((g) => clip(g, { min: -max, max }), g), null] };
}
