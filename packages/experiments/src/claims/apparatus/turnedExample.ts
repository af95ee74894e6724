import { createRng, haarOrthogonal, normal, reshape } from "@lodo/tensor";
import { Matrix as Dense } from "ml-matrix";
import { type Drive, product } from "./errorDynamics.ts";
import { symmetricPart, toDense } from "./symmetricMatrix.ts";

/** A start of the flow (10), with what drives it. */
export interface FlowStart extends Drive {
  readonly A: Dense;
}

/**
 * An example in other coordinates, with every entry a little changed: what happens from it is not an accident of its numbers. The flow does not care
 * for orthogonal coordinates, A ↦ Q A Qᵀ.
 */
export function turnedExample({ A, H, C }: FlowStart, seed: number, change = 1e-3): FlowStart {
  const rng = createRng(seed);
  const n = A.rows;
  const Q = toDense(reshape(haarOrthogonal(rng, 1, n), [n, n]));
  const turned = (M: Dense): Dense => product(Q, M, Q.transpose());
  const near = (M: Dense): Dense => Dense.add(M, toDense(normal(rng, [n, n])).mul(change));
  // P M Pᵀ with P near I stays positive.
  const congruent = (M: Dense): Dense => {
    const P = near(Dense.eye(n));
    return symmetricPart(product(P, M, P.transpose()));
  };
  return { A: turned(near(A)), H: turned(congruent(H)), C: turned(congruent(C)) };
}
