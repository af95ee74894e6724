import { ScopeError } from "./errors.ts";
import { type Pullback, type Tape, Tensor, type Trace } from "./tensor.ts";

let depth = 0;

/** Runs `f` with a new tape at the next level, closed when `f` returns. */
export function withTape<T>(f: (tape: Tape) => T): T {
  const tape: Tape = { level: ++depth, traces: [], open: true };
  try {
    return f(tape);
  } finally {
    tape.open = false;
    depth--;
  }
}

/** A tensor with the value of `primal`, known to the tape as computed from `parents`. */
export function record<T extends Tensor>(tape: Tape, primal: T, parents: readonly Tensor[], pullback: Pullback): T {
  const trace: Trace = { tape, index: tape.traces.length, primal, parents, pullback };
  tape.traces.push(trace);
  return new Tensor(primal.storage, trace) as Tensor as T;
}

/** The innermost tape that any input is on; null if none is. @throws ScopeError if an input outlived its tape. */
export function innermostTape(op: string, ins: readonly Tensor[]): Tape | null {
  let tape: Tape | null = null;
  for (const { trace } of ins) {
    if (!trace) continue;
    if (!trace.tape.open)
      throw new ScopeError(op, "got a tensor that escaped from the function being differentiated; return it instead of storing it");
    if (!tape || trace.tape.level > tape.level) tape = trace.tape;
  }
  return tape;
}

/** The value of a tensor one level down, if it is on this tape; the tensor itself if it is not. */
export const primalOn = (tape: Tape, t: Tensor): Tensor => (t.trace?.tape === tape ? t.trace.primal : t);
