import { epsilon, type Tensor } from "@lodo/tensor";
import { expectClose } from "../counterexample.ts";
import { jacobianRows, magnitudes, numbers, pulledBack } from "../derivatives.ts";
import { differenceColumn, STEP } from "../finiteDifferences.ts";
import type { Law } from "../law.ts";
import { type Differentiable, type Sample, scaleOf } from "../sample.ts";

/**
 * |J − difference| ≤ 1e-7 |J| + C ε M / h, where M is the magnitude of f. With step δ = η h, η = 2⁻⁹, the difference is off by
 *   truncation  δ⁴ |f⁗′| / 30 ≤ (η⁴ / 30) M / h                                (h⁵ |f⁗′| ≤ M is what declaring h means)
 *   rounding    (8 + 8 + 1 + 1)/12 · r ε M / δ = (1.5 r / η) M ε / h           (each of the four values is off by r roundings)
 * so C = η⁴ / 30ε + 1.5 r / η. The relative part covers the rounding of x ± δ, which is ε |x| / δ ≤ 1e-7 for |x| ≤ 10⁶ h.
 */
export const tolerance = (J: number, M: number, h: number, roundings: number): number =>
  1e-7 * Math.abs(J) + (STEP ** 4 / 30 + (1.5 * roundings * epsilon.float64) / STEP) * (M / h);

/** Compares every column of J; `floor` is a lower bound on the magnitude of each output. Returns the number of columns. */
function compareColumns(d: Differentiable, xs: readonly Tensor[], floor: ArrayLike<number>): number {
  const J = jacobianRows(d, xs);
  const M = magnitudes(d, numbers(d.f(...xs)), J, xs);
  let columns = 0;
  for (const [k, x] of xs.entries()) {
    const before = xs.slice(0, k).reduce((n, t) => n + t.size, 0);
    for (let j = 0; j < x.size; j++, columns++) {
      const entry = (i: number): number => J[i]?.[before + j] ?? Number.NaN;
      const what = (i: number): string => `∂f[${i}]/∂x${k}[${j}] of ${d.name}`;
      if (d.held?.includes(k)) {
        for (let i = 0; i < J.length; i++) expectClose(what(i), entry(i), 0, 0);
        continue;
      }
      const h = scaleOf(d, k);
      const { derivative, size } = differenceColumn(d.f, xs, k, j, h);
      for (let i = 0; i < J.length; i++) {
        const magnitude = Math.max((M[i] ?? 0) + (size[i] ?? 0), floor[i] ?? 0);
        expectClose(what(i), entry(i), derivative[i] ?? Number.NaN, tolerance(entry(i), magnitude, h, d.roundings + 2));
      }
    }
  }
  return columns;
}

/** One check is one column: all outputs, along one number of one input. */
export const jacobianLaw: Law<Sample> = {
  name: "the Jacobian agrees with central differences",
  check: (sample, rng) => (sample.kink ? 0 : compareColumns(sample, sample.inputs(rng), [])),
};

/** The gradient of ⟨w, f⟩ as a function to differentiate in its turn. */
export const gradientOf = (sample: Sample): Differentiable => ({
  ...sample,
  name: `the gradient of ${sample.name}`,
  f: pulledBack(sample),
  roundings: 2 * sample.roundings + 4,
});

/** ε M of rounding in f is ε M / h in its derivative along an input of length scale h: the least magnitude of each entry of a gradient. */
export function gradientFloor(sample: Sample, xs: readonly Tensor[]): readonly number[] {
  const M = Math.max(0, ...magnitudes(sample, numbers(sample.f(...xs)), jacobianRows(sample, xs), xs));
  return xs.flatMap((x, k) => Array.from({ length: x.size }, () => M / scaleOf(sample, k)));
}

/** One check is one column of the Hessian of ⟨w, f⟩, against differences of the gradient. */
export const hessianLaw: Law<Sample> = {
  name: "the derivative of the gradient agrees with central differences",
  check: (sample, rng) => {
    if (sample.kink) return 0;
    const xs = sample.inputs(rng);
    return compareColumns(gradientOf(sample), xs, gradientFloor(sample, xs));
  },
};
