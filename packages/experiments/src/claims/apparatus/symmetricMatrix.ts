import { array, haarOrthogonal, type Matrix, matrix, type Rng, reshape } from "@lodo/tensor";
import { Matrix as Dense } from "ml-matrix";

/** U diag(λ) Uᵀ with a Haar-orthogonal U: a symmetric matrix whose eigenvalues are known. */
export function symmetricWith(rng: Rng, λ: readonly number[]): Dense {
  const n = λ.length;
  const U = toDense(reshape(haarOrthogonal(rng, 1, n), [n, n]));
  const A = U.mmul(Dense.diag([...λ])).mmul(U.transpose());
  // Products of floats are symmetric up to rounding; the statements are about matrices that are symmetric.
  return symmetricPart(A);
}

/** ½ (A + Aᵀ) */
export const symmetricPart = (A: Dense): Dense => Dense.add(A, A.transpose()).mul(0.5);

export const toDense = (A: Matrix): Dense => Dense.from1DArray(A.shape[0], A.shape[1], Array.from(array(A)));

export const toTensor = (A: Dense): Matrix => matrix(A.to2DArray());
