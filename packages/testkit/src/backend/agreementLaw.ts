import { type Backend, cast, epsilon, type Tensor, withBackend } from "@lodo/tensor";
import { expectClose } from "../counterexample.ts";
import { jacobianRows, magnitudes, numbers, pulledBack } from "../derivatives.ts";
import type { Law } from "../law.ts";
import { representable } from "../laws/float32.ts";
import { gradientOf } from "../laws/jacobian.ts";
import { jacobianSizes } from "../laws/pullback.ts";
import type { Differentiable, Sample } from "../sample.ts";

/** Every |w| of the cotangents that pull back. */
const LARGEST_WEIGHT = 1.5;

/** What rounding can change in Jᵀ w, up to a few ε: Σᵢ |wᵢ| (|Jᵢⱼ| + Mᵢ/hⱼ). */
function gradientSizes(d: Differentiable, xs: readonly Tensor[]): readonly number[] {
  const sizes = jacobianSizes(d, xs);
  const count = xs.reduce((n, x) => n + x.size, 0);
  return Array.from({ length: count }, (_, j) => LARGEST_WEIGHT * sizes.reduce((s, row) => s + (row[j] ?? 0), 0));
}

/**
 * Values, gradient, and the gradient of the gradient, in both dtypes. The backend and the reference are each within `roundings` + 1 of their dtype's
 * ε times the magnitude of what is computed, as the laws of values and of float32 have it; so they are within twice that of each other.
 */
export const agreementLaw = (backend: Backend): Law<Sample> => ({
  name: "values, first and second derivatives agree with the reference",
  check: (sample, rng) => {
    const drawn = sample.inputs(rng);
    const gradient = gradientOf(sample);
    const second = gradientOf(gradient as Sample);
    let checks = 0;
    for (const dtype of ["float64", "float32"] as const) {
      if (dtype === "float32" && !drawn.map(numbers).every(representable)) break;
      const typed = drawn.map((x) => cast(x, dtype));
      const exact = typed.map((x) => cast(x, "float64"));
      const sizes: readonly (() => ArrayLike<number>)[] = [
        () => magnitudes(sample, numbers(sample.f(...exact)), jacobianRows(sample, exact), exact),
        () => gradientSizes(sample, exact),
        () => gradientSizes(gradient, exact),
      ];
      const compared = [sample, { ...gradient, f: pulledBack(sample) }, { ...second, f: pulledBack(gradient) }];
      for (const [order, { name, f, roundings }] of compared.entries()) {
        const expected = numbers(f(...typed));
        const size = (sizes[order] as () => ArrayLike<number>)();
        if (dtype === "float32" && ![expected, size].every(representable)) break;
        const got = numbers(withBackend(backend, () => f(...typed)));
        expected.forEach((value, i) => {
          const tolerance = 2 * (roundings + 1) * epsilon[dtype] * (size[i] ?? 0);
          expectClose(`${name} [${i}] in ${dtype}`, got[i] ?? Number.NaN, value, tolerance);
        });
        checks += expected.length;
      }
    }
    return checks;
  },
});
