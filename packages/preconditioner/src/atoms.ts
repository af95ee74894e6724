import {
  ArgumentError,
  type Blocks,
  gather,
  type Matrix,
  matmul,
  mul,
  pad,
  reshape,
  type Scalar,
  ShapeError,
  scatterAdd,
  slice,
  transpose,
  type Vector,
} from "@lodo/tensor";
import { type LinearOperator, linearOperator, type Tag } from "./operator.ts";

/** v ↦ A v for a matrix in full. */
export const matrixOperator = (A: Matrix, tags: readonly Tag[] = []): LinearOperator =>
  linearOperator({
    structure: { kind: "dense", matrix: A },
    shape: A.shape,
    tags,
    apply: (v) => matmul(A, v),
    applyTranspose: (v) => matmul(transpose(A), v),
  });

/**
 * v ↦ d ⊙ v on ℝⁿ, d: [n] or a scalar. Symmetric, and psd only while no entry is negative, which it does not claim.
 * @throws ShapeError if d is of another length.
 */
export function diagonalOperator(n: number, d: Vector | Scalar): LinearOperator {
  if (d.shape.length !== 0 && d.shape[0] !== n)
    throw new ShapeError("diagonal", `expected a diagonal of length ${n}, got shape [${d.shape}]`);
  return linearOperator({
    structure: { kind: "diagonal", diagonal: d },
    shape: [n, n],
    tags: ["symmetric"],
    apply: (v) => mul(v, d as Vector),
  });
}

/** y = P x, yᵢ = x_{π(i)}. @throws as `checkPermutation` does. */
export function permutation(indices: Int32Array): LinearOperator {
  const n = indices.length;
  checkPermutation("permutation", indices, n);
  return linearOperator({
    structure: { kind: "permutation", indices },
    shape: [n, n],
    tags: ["orthogonal"],
    apply: (v) => gather(v, indices),
    applyTranspose: (v) => scatterAdd(v, indices, { size: n }),
  });
}

/** @throws ShapeError unless the indices are a permutation of 0 … n − 1, ArgumentError unless they are an Int32Array. */
export function checkPermutation(op: string, indices: Int32Array, n: number): void {
  if (!(indices instanceof Int32Array)) throw new ArgumentError(op, `expected a permutation as an Int32Array, got ${typeof indices}`);
  if (indices.length !== n) throw new ShapeError(op, `expected a permutation of length ${n}, got ${indices.length} indices`);
  const seen = new Uint8Array(n);
  for (const [i, j] of indices.entries()) {
    if (!(j >= 0 && j < n)) throw new ShapeError(op, `expected a permutation of 0 … ${n - 1}, got index ${j} at position ${i}`);
    if (seen[j] === 1) throw new ShapeError(op, `expected a permutation of 0 … ${n - 1}, got index ${j} twice`);
    seen[j] = 1;
  }
}

/** y = B x, block by block. B: [b, k, k], x: [b·k] → [b·k]. @throws ShapeError unless the blocks are square. */
export function blockDiagonal(B: Blocks): LinearOperator {
  const [b, k, cols] = B.shape;
  if (k !== cols) throw new ShapeError("blockDiagonal", `blocks must be square, got shape [${B.shape}]`);
  const times = (blocks: Blocks, v: Vector): Vector => reshape(matmul(blocks, reshape(v, [b, k, 1])), [b * k]);
  return linearOperator({
    structure: { kind: "blockDiagonal", blocks: B },
    shape: [b * k, b * k],
    apply: (v) => times(B, v),
    applyTranspose: (v) => times(transpose(B, [0, 2, 1]), v),
  });
}

/** E = [I 0]ᵀ: ℝⁿ → ℝᵐ, v ↦ (v, 0). @throws ShapeError unless n ≤ m. */
export function embed(n: number, m: number): LinearOperator {
  if (n > m) throw new ShapeError("embed", `cannot embed ${n} dimensions in ${m}`);
  return linearOperator({
    structure: { kind: "embed" },
    shape: [m, n],
    apply: (v) => pad(v, { after: [m - n] }),
    applyTranspose: (v) => slice(v, { stop: [n] }),
  });
}

/** A ⊗ B on row-major grids: (A ⊗ B) vec(V) = vec(A V Bᵀ). A: [r, r], B: [c, c], V: [r, c]. */
export function kronecker(A: Matrix, B: Matrix): LinearOperator {
  const [r, c] = [A.shape[0], B.shape[0]];
  const times = (L: Matrix, R: Matrix, v: Vector): Vector => reshape(matmul(matmul(L, reshape(v, [r, c]) as Matrix), R), [r * c]);
  return linearOperator({
    structure: `A{${r}} ⊗ B{${c}}`,
    shape: [r * c, r * c],
    apply: (v) => times(A, transpose(B), v),
    applyTranspose: (v) => times(transpose(A), B, v),
  });
}
