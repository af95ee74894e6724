import { dense, type Layers, type Preconditioner } from "@lodo/preconditioner";
import { createRng, eye, item, type Matrix, norm, scale, sub } from "@lodo/tensor";
import { type BlockPermutationCase, blockPermutationAt, blockPermutationCases, perturbed } from "./apparatus/cases.ts";
import { type Claim, defineClaim, equalityMargin } from "./claim.ts";

/** G(θ₀) as a matrix. */
type Subject = (G: Preconditioner<Layers>, θ0: Layers) => Matrix;

export const start: Claim = defineClaim<BlockPermutationCase, Subject>({
  id: "start",
  reference: "Section 3",
  statement: "G(θ₀) = α₀ I: at the start LODO is gradient descent with momentum and one learning rate.",
  status: "proved",
  cases: blockPermutationCases.map((c) => ({ ...c, away: 0 })),
  runs: 60,
  subject: (G, θ0) => dense(G.at(θ0)),
  wrong: {
    "a wrong α: 1 in place of α₀": (G, θ0) => scale(1 / G.alpha0, dense(G.at(θ0))),
    "blocks that are not quite orthogonal": (G, θ0) => dense(G.at(perturbed(createRng(1), θ0, 1e-6))),
  },
  // Rounding: 2 N layers of products of k terms with orthogonal blocks, themselves off by a few ε.
  margin(c, matrixOf) {
    const { G, θ } = blockPermutationAt(c);
    const expected = scale(G.alpha0, eye(c.n));
    return equalityMargin(item(norm(sub(matrixOf(G, θ), expected))) / item(norm(expected)), 2 * (c.N * c.k + 2) * 2 ** -48);
  },
});
