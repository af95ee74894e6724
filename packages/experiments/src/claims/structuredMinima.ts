import { chain, type Layers } from "@lodo/preconditioner";
import {
  basis,
  createRng,
  grad,
  item,
  matrix,
  mul,
  norm,
  reshape,
  type Scalar,
  scale,
  stack,
  sub,
  sum,
  type Tensor,
  transpose,
  vector,
} from "@lodo/tensor";
import fc from "fast-check";
import { seeds } from "./apparatus/cases.ts";
import { type CriticalPoint, curvature, descend, type Weight } from "./apparatus/linearNetwork.ts";
import { blockWeights, denseWeights, fitTo, nearBad, nearBetter, permutations, target } from "./apparatus/structuredMinimum.ts";
import { type Claim, defineClaim, equalityMargin } from "./claim.ts";

/** Which weights the network has, of those that the structured one has. */
type Subject = (structured: readonly Weight[]) => readonly Weight[];

const structured = blockWeights(permutations);

/** Rescaling a hidden unit against the next layer changes nothing: 2 × 6 directions in which the loss is flat. */
const flat = 12;

export const structuredMinima: Claim = defineClaim<{ readonly seed: number }, Subject>({
  id: "structured-minima",
  reference: "Appendix D",
  statement:
    "Appendix D carries the theorem on dense networks over to LODO: whatever approximation it converges to should be of similar quality as the best. For the structured network that does not follow, for it does have local minima that are not global: G̃ of six units and three layers of 2×2 blocks, fitted to a certain 6×6 matrix T, has one where ½‖G̃ − T‖² is 8.95, strict up to rescaling the hidden units, and another of 7.20. With dense layers the same point is a saddle, from which descent reaches 0.",
  status: "refuted-as-stated",
  cases: fc.record({ seed: seeds }),
  runs: 6,
  subject: (structured) => structured,
  wrong: {
    "dense layers": () => denseWeights,
    "no permutations": () => blockWeights(permutations.map((P) => P.toSorted())),
  },
  margin({ seed }, weightsOf) {
    const rng = createRng(seed);
    const { bad, better, dense } = example();
    // Descent from anywhere near the bad minimum leads back to its loss.
    const network = fitTo(weightsOf(structured));
    const start = placed(network.weights, bad.values).map((w) => w + 0.01 * rng.normal());
    const end = descend(network, start);
    const { eigenvalues } = curvature(network, end.values);
    return Math.min(
      equalityMargin(Math.abs(end.loss - bad.loss) / bad.loss, 1e-6),
      // Curvature by central differences is good to 10⁻⁸ of weights and gradients that are not far from 1.
      equalityMargin(Math.max(...eigenvalues.slice(0, flat).map(Math.abs)), 1e-4),
      1 - 0.01 / (eigenvalues[flat] as number),
      equalityMargin(slopeOf(bad.values), 1e-4),
      (bad.loss - better.loss) / bad.loss,
      equalityMargin(dense.loss / bad.loss, 1e-6),
    );
  },
});

/** Weights of the structured network among those of another one; others are 0. */
const placed = (weights: readonly Weight[], values: readonly number[]): readonly number[] =>
  weights.map(({ layer, to, from }) => values[structured.findIndex((w) => w.layer === layer && w.to === to && w.from === from)] ?? 0);

interface Example {
  readonly bad: CriticalPoint;
  readonly better: CriticalPoint;
  /** Where dense layers come to from the bad minimum. */
  readonly dense: CriticalPoint;
}

let found: Example | undefined;

/** The same for every case, so it is looked for once. */
function example(): Example {
  if (found) return found;
  const bad = descend(fitTo(structured), nearBad);
  const rng = createRng(1);
  const besideBad = placed(denseWeights, bad.values).map((w) => w + 0.01 * rng.normal());
  found = { bad, better: descend(fitTo(structured), nearBetter), dense: descend(fitTo(denseWeights), besideBad) };
  return found;
}

/** ‖∂/∂θ ½ ‖G̃(θ) − T‖_F²‖ by automatic differentiation of the network itself. */
function slopeOf(values: readonly number[]): number {
  const T = transpose(matrix(target.map((row) => [...row])));
  const loss = (θ: Layers): Scalar => {
    const G̃ = chain(permutations, θ);
    const residual = sub(stack(Array.from({ length: 6 }, (_, j) => G̃.apply(basis(6, j)))), T as Tensor);
    return scale(0.5, sum(mul(residual, residual)));
  };
  return item(norm(grad(loss)(reshape(vector(values), [3, 3, 2, 2]))));
}
