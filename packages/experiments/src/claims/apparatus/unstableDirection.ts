import { CholeskyDecomposition, type Matrix as Dense, EigenvalueDecomposition, inverse } from "ml-matrix";
import { inner } from "./plainVectors.ts";
import { symmetricPart } from "./symmetricMatrix.ts";

/** How I − G H grows around a saddle, for G symmetric positive definite and H symmetric with a negative eigenvalue. */
export interface UnstableDirection {
  /** The least eigenvalue of G H, negative by Lemma B.1. */
  readonly λ: number;
  /** G H y = λ y */
  readonly y: readonly number[];
  /** zᵀ G H = λ zᵀ with zᵀ y = 1: what an iterate has of y is zᵀ x. */
  readonly z: readonly number[];
  /** ‖L⁻¹‖_F of the factor G = L Lᵀ: by how much rounding in λ and y is magnified in z. */
  readonly magnification: number;
}

/** By the symmetric matrix that G H is similar to: with G = L Lᵀ and Lᵀ H L u = λ u, y = L u and z = L⁻ᵀ u. */
export function unstableDirection(G: Dense, H: Dense): UnstableDirection {
  const L = new CholeskyDecomposition(symmetricPart(G)).lowerTriangularMatrix;
  const Linv = inverse(L);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(L.transpose().mmul(H).mmul(L), { assumeSymmetric: true });
  const λ = Math.min(...realEigenvalues);
  const u = eigenvectorMatrix.getColumnVector(realEigenvalues.indexOf(λ));
  return { λ, y: L.mmul(u).to1DArray(), z: Linv.transpose().mmul(u).to1DArray(), magnification: Linv.norm() };
}

/** aᵀ A a */
export const quadraticForm = (A: Dense, a: readonly number[]): number =>
  inner(
    a,
    A.to2DArray().map((row) => inner(row, a)),
  );
