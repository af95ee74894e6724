import { basis, onesLike, zerosLike } from "./constructors.ts";
import { ArgumentError, ShapeError } from "./errors.ts";
import { add } from "./ops/arithmetic.ts";
import { stack } from "./ops/join.ts";
import { innermostTape, primalOn, record, withTape } from "./tape.ts";
import { type Matrix, type Scalar, type Tape, Tensor, type Trace, type Vector } from "./tensor.ts";
import { leaves, map, type Params } from "./tree.ts";

/**
 * Reverse mode: f(x), and the pullback ȳ ↦ Jᵀȳ from a cotangent of f's output to one of x. The pullback may be called any number of times; it
 * is linear, and differentiable in ȳ as in everything that f closes over.
 * @throws ArgumentError if x or f(x) holds anything but tensors, ShapeError (from the pullback) if a cotangent's shape or dtype is not that of f(x).
 */
export function vjp<P extends Params, Out extends Params>(f: (x: P) => Out, x: P): readonly [Out, (ct: Out) => P] {
  return withTape((tape) => {
    const input = map((t) => record(tape, t, [], () => []), x);
    const y = f(input);
    if (typeof y !== "object" || y === null)
      throw new ArgumentError("vjp", `f must return a tensor, or tensors in arrays and records, got ${y}`);
    const pullback = (ct: Out): P => {
      const cotangents = pullBack(tape, leaves(y), leaves(map(checkCotangent, y as Params, ct as Params)));
      return map((t) => cotangents[(t.trace as Trace).index] ?? zerosLike(t), input);
    };
    return [map((t) => primalOn(tape, t), y), pullback];
  });
}

function checkCotangent(y: Tensor, ct: Tensor): Tensor {
  if (ct.shape.join() === y.shape.join() && ct.dtype === y.dtype) return ct;
  throw new ShapeError("vjp", `expected a cotangent of ${y.dtype} [${y.shape}] as f(x) is, got ${ct.dtype} [${ct.shape}]`);
}

/** Walks the tape backwards from the outputs; cotangents of the tape's inputs remain, each at its index. */
function pullBack(tape: Tape, outputs: readonly Tensor[], seeds: readonly Tensor[]): readonly (Tensor | undefined)[] {
  const cts: (Tensor | undefined)[] = [];
  const accumulate = ({ trace }: Tensor, ct: () => Tensor): void => {
    if (trace?.tape !== tape) return;
    const before = cts[trace.index];
    cts[trace.index] = before ? add(before, ct()) : ct();
  };
  for (const [i, y] of outputs.entries()) accumulate(y, () => seeds[i] as Tensor);
  for (let i = cts.length - 1; i >= 0; i--) {
    const ct = cts[i];
    const { parents, pullback } = tape.traces[i] as Trace;
    if (!ct || parents.length === 0) continue;
    cts[i] = undefined;
    const thunks = pullback(ct);
    for (const [j, parent] of parents.entries()) {
      const thunk = thunks[j];
      if (thunk) accumulate(parent, thunk);
    }
  }
  return cts;
}

/** f(x) and ∇f(x). @throws ShapeError unless f(x) is a scalar. */
export function valueAndGrad<P extends Params>(f: (x: P) => Scalar): (x: P) => readonly [value: Scalar, gradient: P] {
  return (x) => {
    const [y, pullback] = vjp(f, x);
    if (!(y instanceof Tensor)) throw new ArgumentError("grad", `f must return a scalar tensor, got ${String(y)}`);
    if ((y as Tensor).shape.length !== 0) throw new ShapeError("grad", `f must return a scalar, got shape [${y.shape}]`);
    return [y, pullback(onesLike(y))];
  };
}

/** ∇f. @throws ShapeError unless f(x) is a scalar. */
export function grad<P extends Params>(f: (x: P) => Scalar): (x: P) => P {
  return (x) => valueAndGrad(f)(x)[1];
}

/** Forward mode as the transpose of reverse mode: ȳ ↦ Jᵀȳ is linear, and its own pullback is v ↦ Jv. Returns f(x) and Jv. */
export function jvp<P extends Params, Out extends Params>(f: (x: P) => Out, x: P, v: P): readonly [Out, Out] {
  const [y, pullback] = vjp(f, x);
  return [y, vjp(pullback, map(zerosLike, y))[1](v)];
}

/** ∇²f(x) v, reverse over reverse. */
export function hvp<P extends Params>(f: (x: P) => Scalar, x: P, v: P): P {
  return vjp(grad(f), x)[1](v);
}

/** J, [m, n], a row for each output. */
export function jacobian(f: (x: Vector) => Vector): (x: Vector) => Matrix {
  return (x) => {
    const [y, pullback] = vjp(f, x);
    const ranks = [x, y].map((t: Tensor) => t.shape?.length);
    if (ranks.some((rank) => rank !== 1))
      throw new ShapeError("jacobian", `f must take a vector to a vector, got [${x.shape}] to [${y.shape}]`);
    const m = y.shape[0];
    if (m === 0) throw new ShapeError("jacobian", "f must return at least one number, got shape [0]");
    const rows = Array.from({ length: m }, (_, i) => pullback(basis(m, i, { dtype: y.dtype })));
    return stack(rows) as Matrix;
  };
}

/** ∇²f, [n, n]. */
export const hessian = (f: (x: Vector) => Scalar): ((x: Vector) => Matrix) => jacobian(grad(f));

/**
 * f, forgetting its intermediate values and computing them again when a cotangent is pulled back: memory for time.
 * @throws ArgumentError if f closes over a tensor being differentiated: hand it over as part of x.
 */
export function checkpoint<P extends Params, Out extends Tensor>(f: (x: P) => Out): (x: P) => Out {
  return (x) => {
    const parents = leaves(x);
    const tape = innermostTape("checkpoint", parents);
    if (!tape) return f(x);
    const primal = map((t) => primalOn(tape, t), x);
    const y = checkpoint(f)(primal);
    // A level above the parents', too: its derivative would pass f by.
    if (y.trace && y.trace.tape.level >= tape.level)
      throw new ArgumentError("checkpoint", "f must not close over a tensor being differentiated; make it part of x");
    return record(tape, y, parents, (ct) => {
      const cotangents = leaves(vjp(f, primal)[1](ct as Out));
      return cotangents.map((c) => () => c);
    });
  };
}
