import { runNested } from "./arena.ts";
import { valueAndGrad } from "./autodiff.ts";
import { ArgumentError, kindOf, ShapeError } from "./errors.ts";
import { add, mul, scale } from "./ops/arithmetic.ts";
import type { Shape } from "./shape.ts";
import { innermostTape, primalOn, record } from "./tape.ts";
import type { Scalar, Tensor } from "./tensor.ts";
import { leaves, map, type Params, tensorsIn } from "./tree.ts";

export interface MicroBatches {
  /** Examples in the batch. */
  readonly batch: number;
  /** Examples computed at a time; the last piece may have fewer. */
  readonly piece: number;
}

/**
 * x ↦ the mean loss over a batch, computed a piece at a time, so that the memory it takes does not grow with the batch. `f` gives the mean loss over the
 * examples from … to − 1. Where x is being differentiated, the gradient is computed with the value, piece by piece, and summed in the order of the
 * batch; each piece runs in the running arena and leaves nothing there. As soon as a derivative is itself differentiated, the pieces stay on its tape
 * like any other operations.
 * @throws ArgumentError unless batch and piece are positive integers, or if f closes over a tensor being differentiated: hand it over as part of x;
 * ShapeError unless f gives a scalar.
 */
export function inMicroBatches<P extends Params>(
  f: (x: P, from: number, to: number) => Scalar,
  { batch, piece }: MicroBatches,
): (x: P) => Scalar {
  for (const [name, n] of Object.entries({ batch, piece })) {
    if (!Number.isSafeInteger(n) || n < 1) throw new ArgumentError("inMicroBatches", `${name} must be a positive integer, got ${n}`);
  }
  const starts = Array.from({ length: Math.ceil(batch / piece) }, (_, i) => i * piece);
  /** (to − from)/batch times the mean over from … to − 1; their sum is the mean over the batch. */
  const part = (from: number) => {
    const to = Math.min(batch, from + piece);
    return (x: P): Scalar => scale((to - from) / batch, checkLoss(f(x, from, to)));
  };
  /** The sum of what every piece gives, in order. */
  const total = <T extends Params>(give: (from: number) => T): T =>
    starts.reduce<T | undefined>((sum, from) => {
      const next = (): T => untraced(sum ? map(add, sum, give(from)) : give(from));
      return runNested(next, tensorsIn, sum ? tensorsIn(sum) : []);
    }, undefined) as T;

  return (x) => {
    const parents = leaves(x);
    const tape = innermostTape("inMicroBatches", parents);
    if (!tape) return total((from) => part(from)(x));
    const primal = map((t) => primalOn(tape, t), x);
    if (leaves(primal).some(({ trace }) => trace)) return starts.map((from) => part(from)(x)).reduce((sum, next) => add(sum, next));
    const [value, gradient] = total((from) => valueAndGrad(part(from))(primal));
    return record(tape, value, parents, (ct) => leaves(gradient).map((g) => () => mul(ct, g)));
  };
}

function checkLoss(loss: Scalar): Scalar {
  const shape = (loss as Scalar | undefined)?.shape as Shape | undefined;
  if (shape?.length !== 0)
    throw new ShapeError("inMicroBatches", `f must return a scalar tensor, got ${shape ? `shape [${shape}]` : kindOf(loss)}`);
  return loss;
}

function untraced<T extends Params>(results: T): T {
  if (leaves(results).every((t: Tensor) => t.trace === null)) return results;
  throw new ArgumentError("inMicroBatches", "f must not close over a tensor being differentiated; make it part of x");
}
