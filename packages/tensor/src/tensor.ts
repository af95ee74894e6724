import ndarray from "ndarray";
import { allocate, inhabit } from "./arena.ts";
import { checkDType, type Data, type DType, dtypeOf, type Strided } from "./dtype.ts";
import { ArgumentError, ScopeError, ShapeError } from "./errors.ts";
import type { Trace } from "./tape.ts";

export type Shape = readonly number[];

/**
 * An n-dimensional array: its rank is in the type, its extents and dtype are known at run time. Immutable. `storage` is for kernels alone;
 * everyone else reads numbers with `read`, `item` or `array`.
 */
export class Tensor<out S extends Shape = Shape> {
  readonly shape: S;
  readonly dtype: DType;
  /** How this value was computed, while it is being differentiated; null otherwise. */
  readonly trace: Trace | null;
  #storage: Strided | null;

  /** @internal */
  constructor(storage: Strided, trace: Trace | null = null) {
    this.#storage = storage;
    this.shape = storage.shape as Shape as S;
    this.dtype = dtypeOf(storage.data);
    this.trace = trace;
    inhabit(this);
  }

  get size(): number {
    return this.shape.reduce((a, b) => a * b, 1);
  }

  /** @internal @throws ScopeError after the arena that owns this tensor has ended. */
  get storage(): Strided {
    if (!this.#storage) throw new ScopeError("tensor", `a tensor of shape [${this.shape}] was used after its arena had ended`);
    return this.#storage;
  }

  /** @internal */
  get memory(): Data {
    return this.storage.data;
  }

  /** @internal */
  kill(): void {
    this.#storage = null;
  }

  toString(): string {
    return `Tensor(${this.dtype}, [${this.shape}])`;
  }
}

export type Scalar = Tensor<readonly []>;
export type Vector = Tensor<readonly [number]>;
export type Matrix = Tensor<readonly [number, number]>;
/** Square blocks, [b, k, k]. */
export type Blocks = Tensor<readonly [number, number, number]>;
/** Number of elements, rows, columns and channels, [n, h, w, c]. */
export type Images = Tensor<readonly [number, number, number, number]>;

/** The tuple type of a shape's extents: `[2, 3]` has type `readonly [number, number]`. */
export type Extents<S extends Shape> = { readonly [K in keyof S]: number };

export interface TensorOptions {
  /** "float64" unless asked otherwise. */
  readonly dtype?: DType | undefined;
}

/** @throws ShapeError unless every extent is a non-negative integer. */
export function checkShape(op: string, shape: Shape): void {
  for (const n of shape) {
    if (!Number.isSafeInteger(n) || n < 0) throw new ShapeError(op, `every extent must be a non-negative integer, got [${shape}]`);
  }
}

const product = (shape: Shape): number => shape.reduce((a, b) => a * b, 1);

/** Uninitialised storage of a shape, in row-major order. @internal */
export function emptyStorage(shape: Shape, dtype: DType): Strided {
  return ndarray(allocate(dtype, product(shape)), [...shape]);
}

/** Storage holding one value. @internal */
export function filledStorage(shape: Shape, dtype: DType, value: number): Strided {
  const storage = emptyStorage(shape, dtype);
  storage.data.fill(value);
  return storage;
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
  if (data.length !== product(shape))
    throw new ShapeError("tensor", `shape [${shape}] holds ${product(shape)} numbers, got ${data.length}`);
  const storage = emptyStorage(shape, dtype);
  storage.data.set(data);
  return new Tensor(storage);
}

export const scalar = (x: number, options: TensorOptions = {}): Scalar => tensor([x], [], options);
export const vector = (xs: ArrayLike<number>, options: TensorOptions = {}): Vector => tensor(xs, [xs.length], options);

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

/** The numbers in row-major order, copied. CPU only. */
export function array(t: Tensor): Data {
  const { storage } = t;
  const out = t.dtype === "float64" ? new Float64Array(t.size) : new Float32Array(t.size);
  if (isContiguous(storage)) out.set(storage.data.subarray(storage.offset, storage.offset + out.length));
  else
    forEachIndex(storage, (at, i) => {
      out[i] = storage.data[at] as number;
    });
  return out;
}

/** The number in a tensor of one element. CPU only. @throws ShapeError if it has more or fewer. */
export function item(t: Tensor): number {
  if (t.size !== 1) throw new ShapeError("item", `expected one element, got shape [${t.shape}]`);
  return t.storage.data[t.storage.offset] as number;
}

/** The numbers in row-major order, wherever the tensor lives. */
export async function read(t: Tensor): Promise<Data> {
  return array(t);
}

/** Is the view dense in row-major order? @internal */
export function isContiguous({ shape, stride }: Strided): boolean {
  let expected = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    const n = shape[d] as number;
    if (n === 0) return true;
    if (n !== 1 && stride[d] !== expected) return false;
    expected *= n;
  }
  return true;
}

/** Calls `visit(position in data, row-major index)` for every element. @internal */
export function forEachIndex({ shape, stride, offset, size }: Strided, visit: (at: number, i: number) => void): void {
  const index = shape.map(() => 0);
  let at = offset;
  for (let i = 0; i < size; i++) {
    visit(at, i);
    for (let d = shape.length - 1; d >= 0; d--) {
      const next = (index[d] as number) + 1;
      at += stride[d] as number;
      if (next < (shape[d] as number)) {
        index[d] = next;
        break;
      }
      at -= next * (stride[d] as number);
      index[d] = 0;
    }
  }
}
