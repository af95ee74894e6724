import { createRng, type Matrix, matmul } from "@lodo/tensor";
import fc from "fast-check";
import { EigenvalueDecomposition } from "ml-matrix";
import { seeds } from "./apparatus/cases.ts";
import { symmetricWith, toDense, toTensor } from "./apparatus/symmetricMatrix.ts";
import { type Claim, defineClaim } from "./claim.ts";

/** Eigenvalues of P and of Q, and what draws their eigenvectors. */
interface Case {
  readonly positive: readonly number[];
  readonly indefinite: readonly number[];
  readonly seed: number;
}

/** The product that the lemma is about. */
type Subject = (P: Matrix, Q: Matrix) => Matrix;

const product: Subject = (P, Q) => matmul(P, Q);

const sizes = fc.double({ min: 0.01, max: 10, noNaN: true });

const cases: fc.Arbitrary<Case> = fc.integer({ min: 1, max: 8 }).chain((n) =>
  fc.record({
    positive: fc.array(sizes, { minLength: n, maxLength: n }),
    indefinite: fc
      .tuple(sizes, fc.array(fc.tuple(sizes, fc.boolean()), { minLength: n - 1, maxLength: n - 1 }))
      .map(([first, others]) => [-first, ...others.map(([size, negative]) => (negative ? -size : size))]),
    seed: seeds,
  }),
);

export const lemmaB1: Claim = defineClaim<Case, Subject>({
  id: "lemma-b1",
  reference: "Lemma B.1",
  statement:
    "For symmetric full-rank P ≻ 0 and Q, where Q has a negative eigenvalue, P Q has a negative eigenvalue; by Ostrowski's theorem one of at most λ_min(P) λ_min(Q).",
  status: "proved",
  cases,
  runs: 200,
  subject: product,
  wrong: {
    "a sign: P ≺ 0": (P, Q) => matmul(toTensor(toDense(P).mul(-1)), Q),
    "a sum in place of the product": (P, Q) => toTensor(toDense(P).add(toDense(Q))),
    "Q twice: P Q²": (P, Q) => matmul(P, matmul(Q, Q)),
  },
  // P Q is similar to the symmetric P^½ Q P^½, by P^½ of condition at most √1000: its eigenvalues are computed to about 10⁻¹³ of ‖P‖‖Q‖ ≤ 100, and
  // the bound is at least 10⁻⁴.
  margin({ positive, indefinite, seed }, productOf) {
    const rng = createRng(seed);
    const [P, Q] = [symmetricWith(rng, positive), symmetricWith(rng, indefinite)];
    const { realEigenvalues } = new EigenvalueDecomposition(toDense(productOf(toTensor(P), toTensor(Q))));
    const bound = Math.min(...positive) * Math.min(...indefinite);
    return Math.min(1, Math.min(...realEigenvalues) / bound);
  },
});
