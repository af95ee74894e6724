import type { Strided } from "./dtype.ts";
import { ArgumentError, DTypeError, NaNError } from "./errors.ts";
import { forEachIndex } from "./storage.ts";
import { innermostTape, primalOn, record } from "./tape.ts";
import { Tensor } from "./tensor.ts";

/** What a primitive computes from raw arrays; `saved` is kept for its reverse rule. */
export interface Forward<Saved> {
  readonly out: Strided;
  readonly saved?: Saved;
}

/** What a reverse rule may use: the attributes, the inputs and output one level down, and what forward saved. */
export interface VjpContext<Attrs, Saved> {
  readonly attrs: Attrs;
  readonly ins: readonly Tensor[];
  readonly out: Tensor;
  readonly saved: Saved | undefined;
}

/**
 * An operation with its derivative: one literal holds both. Attributes (axes, strides, permutations) are plain data. Cotangents are thunks,
 * forced only for inputs that are being differentiated, and are written in ops, so every derivative is itself differentiable. `null` marks
 * an input with zero derivative everywhere.
 */
export interface Primitive<Attrs = never, Saved = never> {
  readonly name: string;
  forward(attrs: Attrs, ...ins: Strided[]): Forward<Saved>;
  vjp(ct: Tensor, context: VjpContext<Attrs, Saved>): readonly ((() => Tensor) | null)[];
}

/** A primitive as called: attributes first, then tensors. Ranks are erased; each exported op is a typed façade over one. */
export type Op<Attrs> = (attrs: Attrs, ...ins: Tensor[]) => Tensor;

const registry = new Map<string, Primitive>();

/** Every primitive defined so far, by name: what the conformance suite and the mutation suite enumerate. */
export const primitives: ReadonlyMap<string, Primitive> = registry;

/** @throws ArgumentError if a primitive of this name exists. */
export function definePrimitive<Attrs, Saved = never>(primitive: Primitive<Attrs, Saved>): Op<Attrs> {
  if (registry.has(primitive.name)) throw new ArgumentError("definePrimitive", `"${primitive.name}" is already defined`);
  registry.set(primitive.name, primitive as unknown as Primitive);
  return (attrs, ...ins) => bind(primitive, attrs, ins).out;
}

/** Applies a primitive at the innermost level of differentiation among its inputs, and below that at every outer one. */
function bind<Attrs, Saved>(p: Primitive<Attrs, Saved>, attrs: Attrs, ins: readonly Tensor[]): Value<Saved> {
  const tape = innermostTape(p.name, ins);
  if (!tape) return evaluate(p, attrs, ins);
  const primals = ins.map((t) => primalOn(tape, t));
  const { out, saved } = bind(p, attrs, primals);
  return { out: record(tape, out, ins, (ct) => p.vjp(ct, { attrs, ins: primals, out, saved })), saved };
}

/** A result, with what forward saved. */
interface Value<Saved> {
  readonly out: Tensor;
  readonly saved: Saved | undefined;
}

function evaluate<Attrs, Saved>(p: Primitive<Attrs, Saved>, attrs: Attrs, ins: readonly Tensor[]): Value<Saved> {
  checkOneDType(p.name, ins);
  const { out, saved } = p.forward(attrs, ...ins.map((t) => t.storage));
  return { out: checked(p.name, ins, out), saved };
}

/** @throws DTypeError if the inputs of an operation are not of one dtype. */
function checkOneDType(op: string, ins: readonly Tensor[]): void {
  for (const t of ins) {
    if (t.dtype !== ins[0]?.dtype)
      throw new DTypeError(op, `inputs must share one dtype, got ${ins.map((t) => t.dtype).join(", ")}; use cast`);
  }
}

let nanChecks = 0;

/** What a kernel computed, as a tensor. @throws NaNError in debug mode if it holds the first NaN. @internal */
export function checked(op: string, ins: readonly Tensor[], out: Strided): Tensor {
  const result = new Tensor(out);
  if (nanChecks > 0 && hasNaN(result) && !ins.some(hasNaN)) {
    throw new NaNError(op, `made a NaN from inputs of shapes ${ins.map((t) => `[${t.shape}]`).join(", ")} that hold none`);
  }
  return result;
}

/**
 * Runs `f` in debug mode: the first operation to make a NaN from inputs without any, forward or backward, throws.
 * @throws NaNError naming that operation.
 */
export function debugNaNs<T>(f: () => T): T {
  nanChecks++;
  try {
    return f();
  } finally {
    nanChecks--;
  }
}

function hasNaN({ storage }: Tensor): boolean {
  let found = false;
  forEachIndex(storage, (at) => {
    if (Number.isNaN(storage.data[at])) found = true;
  });
  return found;
}
