import { ArgumentError, type Params } from "@lodo/tensor";
import type { GradientTransform } from "../optimizer.ts";

/**
 * Transforms in turn: the first is given the gradient, each further one what the one before it gave, and the last gives the step. One of them is a
 * method (`sgd`, `adam`, …), which turns gradients into steps downhill; what stands before it changes gradients, what stands after it changes steps.
 * The state is the tuple of theirs.
 * @throws ArgumentError if there are none, or one of them is no transform.
 */
export function sequence<P extends Params, S extends readonly unknown[]>(
  ...stages: readonly GradientTransform<P>[] & { readonly [K in keyof S]: GradientTransform<P, S[K]> }
): GradientTransform<P, S> {
  const list = stages as readonly GradientTransform<P>[];
  if (list.length === 0) throw new ArgumentError("sequence", "expected at least one transform, got none");
  for (const [i, stage] of list.entries()) {
    if (typeof stage?.update !== "function" || "requires" in stage)
      throw new ArgumentError(
        "sequence",
        `expected a gradient transform as stage ${i}, got ${"requires" in Object(stage) ? `the optimizer ${stage.name}` : String(stage)}`,
      );
  }
  return {
    name: list.map(({ name }) => name).join(" → "),
    init: (params) => list.map((stage) => stage.init(params)) as unknown as S,
    update(g, state, params) {
      const next: unknown[] = [];
      let Δ = g;
      for (const [i, stage] of list.entries()) [Δ, next[i]] = stage.update(Δ, state[i], params);
      return [Δ, next as unknown as S];
    },
  };
}
