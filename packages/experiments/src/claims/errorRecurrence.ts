import { type LodoState, sgd } from "@lodo/optim";
import { add, array, createRng, item, type Matrix, norm, normal, scale, sub, transpose, type Vector, vector } from "@lodo/tensor";
import fc from "fast-check";
import { Matrix as Dense, inverse } from "ml-matrix";
import { type DenseLodo, denseLodo, denseLodoWith, metaStep } from "./apparatus/denseLodo.ts";
import { type ErrorDynamicsCase, errorDynamicsAt, errorDynamicsCases, product } from "./apparatus/errorDynamics.ts";
import { toDense, toTensor } from "./apparatus/symmetricMatrix.ts";
import { bowl } from "./apparatus/wanderingBowl.ts";
import { type Claim, defineClaim, equalityMargin } from "./claim.ts";

interface Case extends ErrorDynamicsCase {
  /** α */
  readonly alpha: number;
  readonly steps: number;
}

/** Sums of a few products of this size overflow. */
const OVERFLOWING = 1e290;

const column = (v: Vector): Dense => Dense.columnVector(Array.from(array(v)));

export const errorRecurrence: Claim = defineClaim<Case, DenseLodo>({
  id: "error-recurrence",
  reference: "equations (5) and (6), Appendix A.1",
  statement:
    "With a dense G, SGD as meta-optimizer, β = 0 and a quadratic loss whose centre takes steps s_t, the errors A_t = I − G_t H and b_t = x_t − x*_t " +
    "follow A_{t+1} = A_t − α H b_{t+1} b_tᵀ H² and b_{t+1} = A_t b_t − s_t exactly: in numbers, up to rounding, and for as long as a trajectory that diverges leaves them finite.",
  status: "proved",
  cases: fc
    .tuple(errorDynamicsCases, fc.constantFrom(0.001, 0.01, 0.1), fc.constantFrom(1, 5, 20))
    .map(([c, alpha, steps]) => ({ ...c, alpha, steps })),
  runs: 60,
  subject: denseLodo,
  wrong: {
    "a sign: θ climbs": (n, alpha) =>
      denseLodoWith(
        n,
        metaStep((g) => scale(alpha, g)),
      ),
    "a missing transpose: m gᵀ for g mᵀ": (n, alpha) =>
      denseLodoWith(
        n,
        metaStep((g) => scale(-alpha, transpose(g))),
      ),
    "a wrong α: 1.001 α": (n, alpha) => denseLodo(n, 1.001 * alpha),
    "a little momentum: β = 10⁻⁶": (n, alpha) => denseLodoWith(n, sgd({ learningRate: alpha }), 1e-6),
  },
  margin(c, lodoWith) {
    const { H, L, A: A0 } = errorDynamicsAt(c);
    const [rng, I] = [createRng(c.seed).split("trajectory"), Dense.eye(c.n)];
    const optimizer = lodoWith(c.n, c.alpha);
    // G₀ = (I − A₀) H⁻¹
    const G0 = Dense.sub(I, A0).mmul(inverse(H));
    let [x, centre]: [Vector, Vector] = [normal(rng, [c.n]), normal(rng, [c.n])];
    let state: LodoState<Matrix, null> = { ...optimizer.init(x, rng), theta: toTensor(G0) };
    const advance = (): void => {
      ({ x, state } = optimizer.update(bowl(toTensor(H), centre), x, state));
    };
    const observe = () => {
      const G = toDense(state.theta);
      const [g, length] = [1 + G.norm(), Math.sqrt(c.n) + item(norm(x)) + item(norm(centre))];
      return { A: Dense.sub(I, G.mmul(H)), b: column(sub(x, centre)), g, length };
    };
    // m₀ = 0: the first step is null, and from then on m_t = g_t.
    advance();
    let worst = 1;
    for (let t = 0; t < c.steps; t++) {
      const now = observe();
      const s = L.mmul(column(normal(rng, [c.n])));
      centre = add(centre, vector(s.to1DArray()));
      advance();
      const next = observe();
      // (6)  b_{t+1} = A_t b_t − s_t
      const apart6 = Dense.sub(next.b, Dense.sub(now.A.mmul(now.b), s)).norm();
      // (5)  A_{t+1} = A_t − α H b_{t+1} b_tᵀ H²
      const drift = product(H, next.b, now.b.transpose(), H, H);
      const apart5 = Dense.sub(next.A, Dense.sub(now.A, drift.mul(c.alpha))).norm();
      // Rounding, as ‖H‖₂ = 1: (6) adds vectors of at most (1 + ‖G‖)(‖x‖ + ‖x*‖), (5) matrices of at most 1 + ‖G‖ and α ‖b_{t+1}‖ ‖b_t‖, each the
      // result of a few products of n terms.
      const ε = 4 * (c.n + 3) * 2 ** -52;
      const [at6, at5] = [now.g * now.length + next.length, now.g + next.g + c.alpha * now.g * next.length * now.length];
      // A large b makes A grow as its square: within 20 steps that can pass what a number holds, and nothing is left to compare.
      if (!(at5 < OVERFLOWING)) break;
      worst = Math.min(worst, equalityMargin(apart6, ε * at6), equalityMargin(apart5, ε * at5));
    }
    return worst;
  },
});
