import { lodo, type Optimizer } from "@lodo/optim";
import { blockPermutation, dense } from "@lodo/preconditioner";
import { createRng, item, vector } from "@lodo/tensor";
import fc from "fast-check";
import { perturbed, seeds } from "./apparatus/cases.ts";
import { frozenLodo, iterates } from "./apparatus/frozenLodo.ts";
import { inner, length } from "./apparatus/plainVectors.ts";
import { lodosStep, type SaddleStep, wrongSteps } from "./apparatus/saddleSteps.ts";
import { networkSaddle, quarticSaddle } from "./apparatus/saddles.ts";
import { toDense } from "./apparatus/symmetricMatrix.ts";
import { unstableDirection } from "./apparatus/unstableDirection.ts";
import { type Claim, defineClaim, equalityMargin } from "./claim.ts";

interface Case {
  /** Hidden units of a linear network; 0 stands for x² − y² + y⁴. */
  readonly hidden: number;
  readonly seed: number;
}

/** Where the quadratic part decides: the remainder, of order ‖x‖³, is then a thousandth of it at most. */
const near = 1e-2;

export const saddleEscape: Claim = defineClaim<Case, SaddleStep>({
  id: "saddle-escape",
  reference: "Section 4.2",
  statement:
    "Near a saddle of a loss that is not quadratic (x² − y² + y⁴, or a small linear network with all weights 0) started off-centre, what the displacement has of y grows by 1 − λ > 1 a step up to the loss's terms of higher order; LODO, learning at its default rate, leaves for a lower loss.",
  status: "argued",
  cases: fc.record({ hidden: fc.integer({ min: 0, max: 3 }), seed: seeds }),
  runs: 12,
  subject: lodosStep,
  wrong: wrongSteps,
  margin({ hidden, seed }, stepOf) {
    const rng = createRng(seed);
    const saddle = hidden === 0 ? quarticSaddle(rng) : networkSaddle(rng, hidden);
    const { hessian: H, objective } = saddle;
    const n = H.rows;
    const start = Array.from({ length: n }, () => rng.normal());
    const x0 = start.map((x) => (1e-3 * x) / length(start));
    const G = blockPermutation({ dim: n, rng, depth: 2, alpha0: 0.3 / H.norm() });
    const θ = perturbed(rng, G.init(rng), 0.05);
    const at = stepOf(G, H) as typeof G.at;

    const Gθ = toDense(dense(G.at(θ)));
    const { λ, z, magnification } = unstableDirection(Gθ, H);
    const path = iterates(frozenLodo({ ...G, at }, θ), objective, x0, 30).filter((x) => length(x) <= near);
    // A step of G is 2 N k products and sums deep, with ‖G‖‖H‖ below 1: far below 2¹⁰ roundings of 2⁻⁵³ each.
    const rounding = 2 ** -42 * (length(z) + magnification);
    const growth = path.slice(1).map((next, t) => {
      const x = path[t] as readonly number[];
      // x_{t+1} = (I − G H) x_t − G r(x_t) with ‖r(x)‖ ≤ remainder ‖x‖³
      const allowed = length(z) * Gθ.norm() * saddle.remainder * length(x) ** 3;
      return equalityMargin(Math.abs(inner(z, next) - (1 - λ) * inner(z, x)), allowed + rounding * length(x));
    });

    const learning = lodo({ ...G, at }, { beta: 0.5 });
    const end = iterates(learning as Optimizer<unknown> as Optimizer, objective, x0, 150).at(-1) as readonly number[];
    return Math.min(...growth, (saddle.at - item(objective.value(vector(end)))) / (saddle.at - saddle.least));
  },
});
