import { createRng, haarOrthogonal, normal, reshape } from "@lodo/tensor";
import fc from "fast-check";
import { Matrix as Dense, EigenvalueDecomposition, SingularValueDecomposition } from "ml-matrix";
import { seeds } from "./cases.ts";
import { symmetricPart, symmetricWith, toDense } from "./symmetricMatrix.ts";

/** What drives the error A = I − G H of a dense G: the curvature, and the covariance of the centre's steps. */
export interface Drive {
  readonly H: Dense;
  /** C = E[s sᵀ] */
  readonly C: Dense;
}

export interface ErrorDynamics extends Drive {
  /** C = L Lᵀ, so that s = L ξ for independent ξ of mean 0 and variance 1. */
  readonly L: Dense;
  /** A at the start, ‖A‖₂ as the case says. */
  readonly A: Dense;
}

export interface ErrorDynamicsCase {
  readonly n: number;
  /** ‖A‖₂ */
  readonly size: number;
  /** The smallest eigenvalue of H and of C; the largest is 1. */
  readonly least: number;
  readonly seed: number;
}

export const errorDynamicsCases: fc.Arbitrary<ErrorDynamicsCase> = fc.record({
  n: fc.integer({ min: 1, max: 4 }),
  size: fc.constantFrom(0.3, 0.6, 0.8),
  least: fc.constantFrom(0.1, 0.5, 1),
  seed: seeds,
});

/** Positive definite H and C in general position, and an A that is neither symmetric nor normal. */
export function errorDynamicsAt({ n, size, least, seed }: ErrorDynamicsCase): ErrorDynamics {
  const rng = createRng(seed);
  const spectrum = (): number[] => Array.from({ length: n }, (_, i) => (i === 0 ? 1 : least + (1 - least) * rng.uniform()));
  const H = symmetricWith(rng, spectrum());
  const U = toDense(reshape(haarOrthogonal(rng, 1, n), [n, n]));
  const L = U.mmul(Dense.diag(spectrum().map(Math.sqrt)));
  const A = toDense(normal(rng, [n, n]));
  return { H, L, C: symmetricPart(L.mmul(L.transpose())), A: A.mul(size / spectralNorm(A)) };
}

export const product = (...factors: readonly Dense[]): Dense => factors.reduce((A, B) => A.mmul(B));

/** ‖A‖₂ */
export const spectralNorm = (A: Dense): number => new SingularValueDecomposition(A).norm2;

/** ρ(A) */
export function spectralRadius(A: Dense): number {
  const { realEigenvalues: re, imaginaryEigenvalues: im } = new EigenvalueDecomposition(A);
  return Math.sqrt(Math.max(...re.map((r, i) => r * r + (im[i] as number) ** 2)));
}

/** S = Σ_{n≥0} Aⁿ C (Aⁿ)ᵀ, the covariance of b in the stationary state of (7). Doubles the number of terms until the rest rounds away. */
export function stationaryCovariance(A: Dense, C: Dense): Dense {
  let [S, P] = [C, A];
  // 2⁴⁰ terms are enough for ρ(A) < 1 − 10⁻¹⁰.
  for (let doubling = 0; doubling < 40; doubling++) {
    // Σ_{n<2m} = Σ_{n<m} + Aᵐ (Σ_{n<m}) (Aᵐ)ᵀ
    const rest = product(P, S, P.transpose());
    S = Dense.add(S, rest);
    if (!(rest.norm() > 2 ** -60 * S.norm())) break;
    P = P.mmul(P);
  }
  return S;
}

/** The right-hand side of (10): dA/dt = −H A S H². */
export const errorFlow = (A: Dense, { H, C }: Drive): Dense => product(H, A, stationaryCovariance(A, C), H, H).mul(-1);
