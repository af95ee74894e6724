import { createRng } from "@lodo/tensor";
import fc from "fast-check";
import { Matrix, pseudoInverse } from "ml-matrix";
import { seeds } from "./apparatus/cases.ts";
import { allWeights, curvature, descend, type LinearNetwork, type Weight } from "./apparatus/linearNetwork.ts";
import { type Claim, defineClaim, equalityMargin } from "./claim.ts";

interface Case {
  readonly inputs: number;
  readonly outputs: number;
  /** How much wider than the narrower of input and output each hidden layer is. */
  readonly hidden: readonly number[];
  /** Standard deviation of the weights at the start. */
  readonly scale: number;
  readonly seed: number;
}

/** Which network is fitted, by the widths of its layers. */
type Subject = (widths: readonly number[]) => { readonly widths: readonly number[]; readonly weights: readonly Weight[] };

const full: Subject = (widths) => ({ widths, weights: allWeights(widths) });

const starts = 2;

export const denseMinima: Claim = defineClaim<Case, Subject>({
  id: "dense-minima",
  reference: "Appendix D",
  statement:
    "For dense linear networks whose hidden layers are all at least as wide as the input or the output, with a convex loss, every local minimum is global: where descent ends with a gradient of 0, either the loss is least or a direction of negative curvature leads on (Laurent & von Brecht 2018).",
  status: "proved",
  cases: fc.record({
    inputs: fc.integer({ min: 1, max: 3 }),
    outputs: fc.integer({ min: 1, max: 3 }),
    hidden: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 2 }),
    scale: fc.constantFrom(0.1, 0.5, 1),
    seed: seeds,
  }),
  runs: 40,
  subject: full,
  wrong: {
    "hidden layers narrower than both": (widths) => {
      const least = Math.min(widths[0] as number, widths.at(-1) as number);
      return full(widths.map((width, i) => (i === 0 || i === widths.length - 1 ? width : Math.max(1, least - 1))));
    },
    "sparse: no weight above the diagonal": (widths) => ({ widths, weights: allWeights(widths).filter(({ to, from }) => to >= from) }),
  },
  // Levenberg–Marquardt ends with gradients around 10⁻⁸ of the data, and losses are flat to second order there; 10⁻⁶ of ‖Y‖² is far above that.
  margin({ inputs, outputs, hidden, scale, seed }, shapeOf) {
    const rng = createRng(seed);
    const drawn = (rows: number, columns: number): Matrix =>
      new Matrix(Array.from({ length: rows }, () => Array.from({ length: columns }, () => rng.normal())));
    const [X, Y] = [drawn(inputs, 5), drawn(outputs, 5)];
    const least = Math.min(inputs, outputs);
    const network: LinearNetwork = { ...shapeOf([inputs, ...hidden.map((more) => least + more), outputs]), inputs: X, outputs: Y };
    // min over W of ½ ‖W X − Y‖² is at W = Y X⁺
    const best = 0.5 * Matrix.sub(Y.mmul(pseudoInverse(X)).mmul(X), Y).norm() ** 2;
    const excess = Array.from({ length: starts }, () => {
      const start = network.weights.map(() => scale * rng.normal());
      return followDown(network, start, best + 1e-7 * Y.norm() ** 2).loss - best;
    });
    return equalityMargin(Math.max(...excess), 1e-6 * Y.norm() ** 2);
  },
});

/** Descends, and from a critical point that is not good enough goes on where the curvature is negative, if it is anywhere. */
function followDown(network: LinearNetwork, start: readonly number[], enough: number): ReturnType<typeof descend> {
  let end = descend(network, start);
  for (let saddles = 0; saddles < 4 && end.loss > enough; saddles++) {
    const { eigenvalues, steepest } = curvature(network, end.values);
    if (!((eigenvalues[0] as number) < -1e-7)) break;
    end = descend(
      network,
      end.values.map((w, p) => w + 0.01 * (steepest[p] as number)),
    );
  }
  return end;
}
