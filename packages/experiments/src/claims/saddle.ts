import { dense } from "@lodo/preconditioner";
import { dot, matmul, scale, type Vector } from "@lodo/tensor";
import fc from "fast-check";
import { EigenvalueDecomposition } from "ml-matrix";
import { type BlockPermutationCase, blockPermutationAt, blockPermutationCases } from "./apparatus/cases.ts";
import { frozenLodo, iterates } from "./apparatus/frozenLodo.ts";
import { inner, length } from "./apparatus/plainVectors.ts";
import { lodosStep, type SaddleStep, wrongSteps } from "./apparatus/saddleSteps.ts";
import { symmetricWith, toDense, toTensor } from "./apparatus/symmetricMatrix.ts";
import { quadraticForm, unstableDirection } from "./apparatus/unstableDirection.ts";
import { type Claim, defineClaim, equalityMargin } from "./claim.ts";

/** A preconditioner and the eigenvalues of H, the first of them negative. */
interface Case extends BlockPermutationCase {
  readonly hessian: readonly number[];
}

const eigenvalues = (n: number): fc.Arbitrary<readonly number[]> =>
  fc
    .tuple(
      fc.double({ min: 0.1, max: 3, noNaN: true }),
      fc.array(fc.tuple(fc.double({ min: 0.1, max: 3, noNaN: true }), fc.boolean()), { minLength: n - 1, maxLength: n - 1 }),
    )
    .map(([first, others]) => [-first, ...others.map(([size, negative]) => (negative ? -size : size))]);

const cases: fc.Arbitrary<Case> = blockPermutationCases.chain((c) =>
  fc.record({ away: fc.constantFrom(0, 0.1, 0.3), hessian: eigenvalues(c.n) }).map((more) => ({ ...c, ...more })),
);

const steps = 8;

export const saddle: Claim = defineClaim<Case, SaddleStep>({
  id: "saddle",
  reference: "Section 4.2",
  statement:
    "Where G ≻ 0, as for almost every θ, H has a negative eigenvalue, α → 0 and β = 0, G H has an eigenvalue λ < 0 with an eigenvector y: every step multiplies what the displacement from the saddle has of y by 1 − λ > 1, and yᵀHy < 0.",
  status: "proved",
  cases,
  runs: 60,
  subject: lodosStep,
  wrong: wrongSteps,
  // Rounding: a step is 2 N k products deep on vectors no longer than ‖G‖‖H‖‖x‖, read by z; λ and z are themselves found to about n ε of the
  // same, magnified by L⁻¹.
  margin(c, stepOf) {
    const { G, θ, rng } = blockPermutationAt(c);
    const [Gθ, H] = [toDense(dense(G.at(θ))), symmetricWith(rng, c.hessian)];
    const { λ, y, z, magnification } = unstableDirection(Gθ, H);
    const Ht = toTensor(H);
    const objective = { value: (x: Vector) => scale(0.5, dot(x, matmul(Ht, x))) };
    const path = iterates(
      frozenLodo({ ...G, at: stepOf(G, H) as typeof G.at }, θ),
      objective,
      c.hessian.map(() => rng.normal()),
      steps,
    );
    const rounding = (c.N * c.k + c.n + 2) * 2 ** -47 * (1 + Gθ.norm() * H.norm());
    const growth = path.slice(1).map((next, t) => {
      const x = path[t] as readonly number[];
      // zᵀ x_{t+1} = (1 − λ) zᵀ x_t
      return equalityMargin(Math.abs(inner(z, next) - (1 - λ) * inner(z, x)), rounding * (length(z) + magnification) * length(x));
    });
    // yᵀHy = λ yᵀG⁻¹y, and yᵀG⁻¹y = 1
    const curvature = quadraticForm(H, y);
    const leastOfG = Math.min(...new EigenvalueDecomposition(Gθ, { assumeSymmetric: true }).realEigenvalues);
    return Math.min(
      ...growth,
      equalityMargin(Math.abs(curvature - λ), rounding * (1 + length(y) ** 2)),
      -curvature / (leastOfG * -Math.min(...c.hessian)),
      1,
    );
  },
});
