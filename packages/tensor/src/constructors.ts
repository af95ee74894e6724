import { checkDType, type DType } from "./dtype.ts";
import { ArgumentError, ShapeError } from "./errors.ts";
import { checkShape, type Extents, product, type Shape } from "./shape.ts";
import { emptyStorage, filledStorage } from "./storage.ts";
import { type Matrix, type Scalar, Tensor, type Vector } from "./tensor.ts";

export interface TensorOptions {
  /** "float64" unless asked otherwise. */
  readonly dtype?: DType | undefined;
}

/**
 * The tensor of a shape with these numbers in row-major order; the numbers are copied.
 * @throws ShapeError if their count is not the product of the extents.
 */
export function tensor<const S extends Shape>(
  data: ArrayLike<number>,
  shape: S,
  { dtype = "float64" }: TensorOptions = {},
): Tensor<Extents<S>> {
  checkShape("tensor", shape);
  checkDType("tensor", dtype);
  if (!ArrayBuffer.isView(data)) checkNumbers(data);
  if (data.length !== product(shape))
    throw new ShapeError("tensor", `shape [${shape}] holds ${product(shape)} numbers, got ${data.length}`);
  const storage = emptyStorage(shape, dtype);
  storage.data.set(data);
  return new Tensor(storage);
}

/** NaN is a number; what is none would become one in silence. */
function checkNumbers(data: ArrayLike<unknown>): void {
  for (let i = 0; i < data.length; i++) {
    if (typeof data[i] !== "number")
      throw new ArgumentError("tensor", `every element must be a number, got ${String(data[i])} at position ${i}`);
  }
}

export const scalar = (x: number, options: TensorOptions = {}): Scalar => tensor([x], [], options);

/** @throws ArgumentError unless xs is a list of numbers. */
export function vector(xs: ArrayLike<number>, options: TensorOptions = {}): Vector {
  if (typeof xs !== "object" || xs === null) throw new ArgumentError("vector", `expected a list of numbers, got ${String(xs)}`);
  return tensor(xs, [xs.length], options);
}

/** The matrix with these rows. @throws ShapeError if their lengths differ. */
export function matrix(rows: readonly ArrayLike<number>[], options: TensorOptions = {}): Matrix {
  const cols = rows[0]?.length ?? 0;
  for (const [i, row] of rows.entries()) {
    if (row.length !== cols) throw new ShapeError("matrix", `every row must have ${cols} numbers as row 0 has, row ${i} has ${row.length}`);
  }
  return tensor(
    rows.flatMap((row) => Array.from(row)),
    [rows.length, cols],
    options,
  );
}

export function full<const S extends Shape>(shape: S, value: number, { dtype = "float64" }: TensorOptions = {}): Tensor<Extents<S>> {
  checkShape("full", shape);
  checkDType("full", dtype);
  return new Tensor(filledStorage(shape, dtype, value));
}
export const zeros = <const S extends Shape>(shape: S, options: TensorOptions = {}): Tensor<Extents<S>> => full(shape, 0, options);
export const ones = <const S extends Shape>(shape: S, options: TensorOptions = {}): Tensor<Extents<S>> => full(shape, 1, options);
export const zerosLike = <S extends Shape>(t: Tensor<S>): Tensor<S> => new Tensor(filledStorage(t.shape, t.dtype, 0));
export const onesLike = <S extends Shape>(t: Tensor<S>): Tensor<S> => new Tensor(filledStorage(t.shape, t.dtype, 1));

/** The identity matrix, [n, n]. */
export function eye(n: number, options: TensorOptions = {}): Matrix {
  const I = zeros([n, n], options);
  for (let i = 0; i < n; i++) I.storage.set(i, i, 1);
  return I;
}

/** The i-th column of the identity, [n]. @throws ArgumentError unless 0 ≤ i < n. */
export function basis(n: number, i: number, options: TensorOptions = {}): Vector {
  if (!(Number.isInteger(i) && i >= 0 && i < n)) throw new ArgumentError("basis", `index must be in [0, ${n}), got ${i}`);
  const e = zeros([n], options);
  e.storage.set(i, 1);
  return e;
}
