import { ArgumentError, type Scalar, sub, type Vector } from "@lodo/tensor";
import type { Update } from "./optimizer.ts";

/** x − step(), of a method that remembers nothing; or a stop at x if the matrix to solve with is singular. */
export function stepUnlessSingular(name: string, x: Vector, loss: Scalar, step: () => Vector): Update<null> {
  try {
    return { x: sub(x, step()), state: null, evaluations: [loss] };
  } catch (error) {
    if (!(error instanceof ArgumentError && error.op === "solve")) throw error;
    return { x, state: null, evaluations: [loss], stop: { kind: "singular-hessian", detail: `${name}: ${error.message}` } };
  }
}
