/** What kind of thing was given where another is wanted: "Array", "Uint8Array", "Null". @internal */
export const kindOf = (given: unknown): string => Object.prototype.toString.call(given).slice(8, -1);

/** Base of every error this package throws: `op` is the operation that refused, as the caller wrote it. */
export class TensorError extends Error {
  // Spelled out in every class: what minifies a program shortens the names that classes have of themselves.
  override readonly name: string = "TensorError";
  readonly op: string;
  constructor(op: string, message: string) {
    super(`${op}: ${message}`);
    this.op = op;
  }
}

/** Extents, ranks or axes that do not fit together. */
export class ShapeError extends TensorError {
  override readonly name: string = "ShapeError";
}

/** Mixed or unknown dtypes. */
export class DTypeError extends TensorError {
  override readonly name: string = "DTypeError";
}

/** An argument outside its domain. */
export class ArgumentError extends TensorError {
  override readonly name: string = "ArgumentError";
}

/** A tensor used outside the scope that owns it: its arena has ended, or it escaped from the function being differentiated. */
export class ScopeError extends TensorError {
  override readonly name: string = "ScopeError";
}

/** Raised in debug mode by the first operation that makes a NaN from inputs that hold none. */
export class NaNError extends TensorError {
  override readonly name: string = "NaNError";
}

/** A backend that is not on this machine, has no room for what it is asked to hold, or has lost its device. */
export class BackendError extends TensorError {
  override readonly name: string = "BackendError";
}
