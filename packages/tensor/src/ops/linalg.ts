import { matmulKernel } from "../backend/reference/matmul.ts";
import { solveKernel } from "../backend/reference/solve.ts";
import type { Strided } from "../dtype.ts";
import { ShapeError } from "../errors.ts";
import { definePrimitive, type Op } from "../primitive.ts";
import type { Shape } from "../shape.ts";
import type { Matrix, Scalar, Tensor, Vector } from "../tensor.ts";
import { mul, neg } from "./arithmetic.ts";
import { broadcastShape, broadcastTo } from "./broadcast.ts";
import { sum } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { transpose } from "./transpose.ts";

/** Xᵀ for each matrix of a batch. [b, m, n] → [b, n, m] */
const batchTranspose = (x: Tensor): Tensor => transpose(x, [0, 2, 1]);

const matmulPrimitive: Op<Record<never, never>> = definePrimitive<Record<never, never>>({
  name: "matmul",
  forward: (_, A, B) => ({ out: matmulKernel(A as Strided, B as Strided) }),
  vjp: (ct, { ins: [A, B] }) => [
    () => matmulPrimitive({}, ct, batchTranspose(B as Tensor)),
    () => matmulPrimitive({}, batchTranspose(A as Tensor), ct),
  ],
});

/** Ranks of a product as NumPy has them: a vector on the left is a row, on the right a column; leading axes are a batch and broadcast. */
export interface Matmul {
  (A: Matrix, B: Matrix): Matrix;
  (A: Matrix, x: Vector): Vector;
  (x: Vector, B: Matrix): Vector;
  (x: Vector, y: Vector): Scalar;
  (A: Tensor, B: Tensor): Tensor;
}

/**
 * C = A B. [m, k] × [k, n] → [m, n], in batches […, m, k] × […, k, n] → […, m, n], and with vectors [k].
 * @throws ShapeError if the inner extents differ, a batch does not broadcast, or an operand is a scalar.
 */
export const matmul: Matmul = (A: Tensor, B: Tensor): Tensor<never> => {
  if (A.shape.length === 0 || B.shape.length === 0)
    throw new ShapeError("matmul", `expected vectors or matrices, got [${A.shape}] and [${B.shape}]`);
  const a = A.shape.length === 1 ? [1, ...A.shape] : A.shape;
  const b = B.shape.length === 1 ? [...B.shape, 1] : B.shape;
  const [m, k] = a.slice(-2) as [number, number];
  const [inner, n] = b.slice(-2) as [number, number];
  if (k !== inner) throw new ShapeError("matmul", `inner extents must agree, got ${k} and ${inner} of [${A.shape}] × [${B.shape}]`);
  const batch = broadcastShape("matmul", a.slice(0, -2), b.slice(0, -2));
  const size = batch.reduce((p, q) => p * q, 1);
  const left = reshape(broadcastTo(reshape(A, a), [...batch, m, k]), [size, m, k]);
  const right = reshape(broadcastTo(reshape(B, b), [...batch, k, n]), [size, k, n]);
  const rows = A.shape.length === 1 ? [] : [m];
  const cols = B.shape.length === 1 ? [] : [n];
  return reshape(matmulPrimitive({}, left, right), [...batch, ...rows, ...cols]) as Tensor as Tensor<never>;
};

/** s = Σᵢ xᵢ yᵢ. @throws ShapeError unless both are vectors of one length. */
export function dot(x: Vector, y: Vector): Scalar {
  const vectors = (x.shape as Shape).length === 1 && (y.shape as Shape).length === 1;
  if (!vectors || x.shape[0] !== y.shape[0])
    throw new ShapeError("dot", `expected two vectors of one length, got [${x.shape}] and [${y.shape}]`);
  return sum(mul(x, y));
}

/** A = x yᵀ. [m], [n] → [m, n] */
export const outer = (x: Vector, y: Vector): Matrix => mul(reshape(x, [x.shape[0], 1]), reshape(y, [1, y.shape[0]])) as Tensor as Matrix;

const solvePrimitive: Op<Record<never, never>> = definePrimitive<Record<never, never>>({
  name: "solve",
  forward: (_, A, B) => ({ out: solveKernel(A as Strided, B as Strided) }),
  vjp: (ct, { ins: [A], out: X }) => [
    () => neg(matmul(solvePrimitive({}, transpose(A as Tensor), ct), transpose(X))),
    () => solvePrimitive({}, transpose(A as Tensor), ct),
  ],
});

/**
 * x with A x = b. A: [n, n]; b: [n] or columns [n, m].
 * @throws ShapeError unless A is square and fits b, ArgumentError if A is singular.
 */
export function solve<S extends Shape>(A: Matrix, b: Tensor<S>): Tensor<S> {
  const [n, cols] = A.shape;
  if ((A.shape as Shape).length !== 2 || n !== cols) throw new ShapeError("solve", `A must be square, got [${A.shape}]`);
  if ((b.shape.length !== 1 && b.shape.length !== 2) || b.shape[0] !== n) {
    throw new ShapeError("solve", `b must be [${n}] or [${n}, m] to fit A of [${A.shape}], got [${b.shape}]`);
  }
  const m = b.shape[1] ?? 1;
  return reshape(solvePrimitive({}, A, reshape(b, [n, m])), b.shape) as Tensor as Tensor<S>;
}
