import { type Matrix as Dense, EigenvalueDecomposition, Matrix, solve } from "ml-matrix";

/** A linear network W_d ⋯ W₁ in which some weights may be absent, fitted to data: ½ ‖W_d ⋯ W₁ X − Y‖_F². */
export interface LinearNetwork {
  /** Units in front of each layer, and behind the last. */
  readonly widths: readonly number[];
  /** The weights that there are; all others are 0. */
  readonly weights: readonly Weight[];
  readonly inputs: Dense;
  readonly outputs: Dense;
}

/** W_{layer+1}[to, from] */
export interface Weight {
  readonly layer: number;
  readonly to: number;
  readonly from: number;
}

/** Every weight between layers of these widths. */
export const allWeights = (widths: readonly number[]): readonly Weight[] =>
  widths
    .slice(1)
    .flatMap((rows, layer) =>
      Array.from({ length: rows }, (_, to) => Array.from({ length: widths[layer] as number }, (_, from) => ({ layer, to, from }))).flat(),
    );

interface Linearization {
  readonly loss: number;
  readonly residuals: Dense;
  /** ∂residuals/∂weights */
  readonly jacobian: Dense;
  readonly gradient: Dense;
}

function linearize({ widths, weights, inputs, outputs }: LinearNetwork, values: readonly number[]): Linearization {
  const W = widths.slice(1).map((rows, layer) => Matrix.zeros(rows, widths[layer] as number));
  for (const [p, { layer, to, from }] of weights.entries()) W[layer]?.set(to, from, values[p] as number);
  // before[i] = W_i ⋯ W₁ X and behind[i] = W_d ⋯ W_{i+1}
  const before: Dense[] = [inputs];
  for (const layer of W) before.push(layer.mmul(before.at(-1) as Dense));
  const behind: Dense[] = [Matrix.eye(widths.at(-1) as number)];
  for (const layer of W.toReversed()) behind.unshift((behind[0] as Dense).mmul(layer));
  const R = Matrix.sub(before.at(-1) as Dense, outputs);
  const residuals = Matrix.columnVector(R.to1DArray());
  const jacobian = Matrix.zeros(residuals.rows, weights.length);
  for (const [p, { layer, to, from }] of weights.entries()) {
    const [column, row] = [behind[layer + 1] as Dense, before[layer] as Dense];
    for (let i = 0; i < R.rows; i++) {
      for (let j = 0; j < R.columns; j++) jacobian.set(i * R.columns + j, p, column.get(i, to) * row.get(from, j));
    }
  }
  return { loss: 0.5 * R.norm() ** 2, residuals, jacobian, gradient: jacobian.transpose().mmul(residuals) };
}

/** Where a descent ends. */
export interface CriticalPoint {
  readonly values: readonly number[];
  readonly loss: number;
  /** ‖∇‖ */
  readonly slope: number;
}

/** Levenberg–Marquardt with a damping that lets no step ascend: descent, to where the slope vanishes. */
export function descend(network: LinearNetwork, start: readonly number[], maxSteps = 400): CriticalPoint {
  let [values, damping] = [start, 1e-2];
  let at = linearize(network, values);
  for (let step = 0; step < maxSteps && at.gradient.norm() > 1e-9 && damping < 1e12; step++) {
    const normal = at.jacobian.transpose().mmul(at.jacobian);
    const Δ = solve(Matrix.add(normal, Matrix.eye(normal.rows).mul(damping)), at.gradient).to1DArray();
    const next = values.map((w, p) => w - (Δ[p] as number));
    const there = linearize(network, next);
    if (there.loss < at.loss) [values, at, damping] = [next, there, Math.max(damping / 3, 1e-8)];
    else damping *= 4;
  }
  return { values, loss: at.loss, slope: at.gradient.norm() };
}

/** Eigenvalues of ∇², in order, and the direction of the least. Central differences: exact to about 10⁻⁹ for weights and data of order 1. */
export function curvature(
  network: LinearNetwork,
  values: readonly number[],
): { readonly eigenvalues: readonly number[]; readonly steepest: readonly number[] } {
  const h = 1e-5;
  const moved = (p: number, δ: number): readonly number[] =>
    linearize(network, values.with(p, (values[p] as number) + δ)).gradient.to1DArray();
  const H = new Matrix(
    values.map((_, p) => {
      const [ahead, back] = [moved(p, h), moved(p, -h)];
      return ahead.map((g, q) => (g - (back[q] as number)) / (2 * h));
    }),
  );
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(Matrix.add(H, H.transpose()).mul(0.5), {
    assumeSymmetric: true,
  });
  const least = realEigenvalues.indexOf(Math.min(...realEigenvalues));
  return { eigenvalues: realEigenvalues.toSorted((a, b) => a - b), steepest: eigenvectorMatrix.getColumn(least) };
}
