import { vjp } from "./autodiff.ts";
import { ArgumentError } from "./errors.ts";
import { innermostTape, primalOn, record } from "./tape.ts";
import type { Tensor, Vector } from "./tensor.ts";
import { type Params, ravel } from "./tree.ts";

/**
 * f(unravel(x)) as a function of the flat vector x, with `unravel` as `ravel` gives it. The same value and the same derivative; but a cotangent of x is
 * laid end to end once, where the slices of `unravel` would each make a vector as long as x to be summed.
 * @throws ArgumentError if f closes over a tensor being differentiated: hand it over as part of the tree.
 */
export function ofVector<P extends Params, Out extends Tensor>(f: (tree: P) => Out, unravel: (x: Vector) => P): (x: Vector) => Out {
  return (x) => {
    const tape = innermostTape("ofVector", [x]);
    if (!tape) return f(unravel(x));
    const [y, pullback] = vjp(f, unravel(primalOn(tape, x) as Vector));
    // A level above x's, too: its derivative would pass f by.
    if (y.trace && y.trace.tape.level >= tape.level)
      throw new ArgumentError("ofVector", "f must not close over a tensor being differentiated; make it part of the tree");
    return record(tape, y, [x], (ct) => [() => ravel(pullback(ct as Out)).x]);
  };
}
