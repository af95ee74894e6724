import { ArgumentError, array, item, type Scalar, sub, type Vector } from "@lodo/tensor";
import type { StopReason, Update } from "./optimizer.ts";

/**
 * x − step(), of a method that remembers nothing. A stop at x if the matrix to solve with is singular, or so nearly that a step from a finite loss is
 * not finite.
 */
export function stepUnlessSingular(name: string, x: Vector, loss: Scalar, step: () => Vector): Update<null> {
  const stop = (kind: StopReason["kind"], detail: string): Update<null> => ({
    x,
    state: null,
    evaluations: [loss],
    stop: { kind, detail: `${name}: ${detail}` },
  });
  try {
    const δ = step();
    const ℓ = item(loss);
    if (Number.isFinite(ℓ) && !array(δ).every(Number.isFinite)) return stop("not-finite", `the step is not finite, at a loss of ${ℓ}`);
    return { x: sub(x, δ), state: null, evaluations: [loss] };
  } catch (error) {
    if (!(error instanceof ArgumentError && error.op === "solve")) throw error;
    return stop("singular-hessian", error.message);
  }
}
