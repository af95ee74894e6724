import { count } from "@lodo/preconditioner";
import { add, array, concat, dot, exp, mul, reshape, scale, slice, sub, vector } from "@lodo/tensor";
import type { RegisteredTask } from "../task.ts";
import { sequence } from "./sequence.ts";
import { defineTestProblem, type SumOfSquares } from "./sumOfSquares.ts";

const a = 1e-5;

/**
 * Problem 24, Gill, Murray & Pitfield 1972: an ellipsoid as a penalty, with a = 10⁻⁵ and yᵢ = e^(i/10) + e^((i−1)/10),
 *   r₁ = x₁ − 0.2,   rᵢ = √a (e^(xᵢ/10) + e^(xᵢ₋₁/10) − yᵢ), i = 2 … n,
 *   rₙ₋₁₊ᵢ = √a (e^(xᵢ/10) − e^(−1/10)), i = 2 … n,   r₂ₙ = Σⱼ (n − j + 1) xⱼ² − 1.
 * Its minima are roots of the gradient in 60 digits; the paper gives 9.37629e-6 at n = 4 and 2.93660e-4 at n = 10.
 */
export const penalty2: RegisteredTask = defineTestProblem({
  id: "mgh-penalty-2",
  number: 24,
  summary: "an ellipsoid as a penalty, with exponentials",
  options: { dim: count(10, 2, "n") },
  problem: ({ dim: n }) => {
    const tenths = exp(vector(sequence(n + 1, (i) => (i - 1) / 10)));
    const y = slice(add(slice(tenths, { start: [1] }), slice(tenths, { stop: [n] })), { start: [1] });
    const [low] = array(exp(vector([-0.1]))) as unknown as [number];
    const weights = vector(sequence(n, (j) => n - j + 1));
    const optimum = minima[n];
    return {
      start: sequence(n, () => 0.5),
      residuals(x) {
        const e = exp(scale(0.1, x));
        const [first, tail] = [slice(x, { stop: [1] }), slice(e, { start: [1] })];
        return concat([
          sub(first, 0.2),
          scale(Math.sqrt(a), sub(add(tail, slice(e, { stop: [n - 1] })), y)),
          scale(Math.sqrt(a), sub(tail, low)),
          reshape(sub(dot(weights, mul(x, x)), 1), [1]),
        ]);
      },
      ...(optimum ? { optimum } : {}),
    };
  },
});

const minima: Readonly<Record<number, NonNullable<SumOfSquares["optimum"]>>> = {
  2: { x: [0.2000002053277478, 0.95916622198851], value: 8.066390041118848e-7 },
  4: { x: [0.1999993333503804, 0.19131670099277245, 0.48010148533262315, 0.5188454043902005], value: 9.376293007355442e-6 },
  10: {
    x: [
      0.1999836051978236, 0.010350648471292297, 0.019604934480438402, 0.03208906722068565, 0.049932677399641294, 0.07651399515399361,
      0.11862407286950417, 0.19214487233557667, 0.34732058694184365, 0.3691643741593508,
    ],
    value: 0.00029366053745674594,
  },
};
