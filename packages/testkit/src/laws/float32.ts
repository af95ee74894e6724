import { cast, epsilon, type Tensor } from "@lodo/tensor";
import { expectClose } from "../counterexample.ts";
import { jacobianRows, magnitudes, numbers, pulledBack } from "../derivatives.ts";
import type { Law } from "../law.ts";
import type { Sample } from "../sample.ts";
import { gradientFloor, gradientOf } from "./jacobian.ts";

/** Far enough from float32's overflow and underflow that products of two stay within. */
export const representable = (xs: ArrayLike<number>): boolean =>
  Array.from(xs).every((x) => x === 0 || (Math.abs(x) > 2 ** -50 && Math.abs(x) < 2 ** 50));

/** Values and gradients in float32 are those of float64 at the same inputs, but for (roundings + 1) ε₃₂ of their magnitude. */
export const float32Law: Law<Sample> = {
  name: "float32 agrees with float64",
  check: (sample, rng) => {
    if (sample.kink) return 0;
    const drawn = sample.inputs(rng);
    if (!drawn.map(numbers).every(representable)) return 0;
    const single = drawn.map((x) => cast(x, "float32"));
    const xs = single.map((x) => cast(x, "float64"));
    const y = numbers(sample.f(...xs));
    if (!representable(y)) return 0;
    const within = (what: string, got: Tensor, expected: ArrayLike<number>, M: ArrayLike<number>, roundings: number): number => {
      const values = numbers(got);
      values.forEach((value, i) => {
        expectClose(`${what} [${i}] in float32`, value, expected[i] ?? Number.NaN, (roundings + 1) * epsilon.float32 * (M[i] ?? 0));
      });
      return values.length;
    };
    const gradient = gradientOf(sample);
    const g = numbers(gradient.f(...xs));
    if (!representable(g)) return 0;
    const floor = gradientFloor(sample, xs);
    const Mg = magnitudes(gradient, g, jacobianRows(gradient, xs), xs).map((m, i) => Math.max(m, floor[i] ?? 0));
    return (
      within(sample.name, sample.f(...single), y, magnitudes(sample, y, jacobianRows(sample, xs), xs), sample.roundings) +
      within(gradient.name, pulledBack(sample)(...single), g, Mg, gradient.roundings)
    );
  },
};
