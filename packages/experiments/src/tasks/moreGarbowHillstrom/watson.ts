import { count } from "@lodo/preconditioner";
import { ArgumentError, concat, matmul, matrix, mul, stack, sub, type Vector } from "@lodo/tensor";
import type { RegisteredTask } from "../task.ts";
import { coordinates } from "./coordinates.ts";
import { sequence } from "./sequence.ts";
import { defineTestProblem, type SumOfSquares } from "./sumOfSquares.ts";

/** 1, t, t², …, tⁿ⁻¹ */
function powers(t: number, n: number): readonly number[] {
  const all = [1];
  while (all.length < n) all.push(t * (all.at(-1) as number));
  return all;
}

/**
 * Problem 20, Watson 1968: a polynomial with coefficients x that nearly solves u′ = 1 + u², u(0) = 0, with tᵢ = i/29, i = 1 … 29,
 *   rᵢ = Σⱼ₌₂ⁿ (j − 1) xⱼ tᵢʲ⁻² − (Σⱼ₌₁ⁿ xⱼ tᵢʲ⁻¹)² − 1,   r₃₀ = x₁,   r₃₁ = x₂ − x₁² − 1;   2 ≤ n ≤ 31.
 * Its minima are roots of the gradient in 60 digits; the paper gives 2.28767e-3, 1.39976e-6 and 4.72238e-10 at n = 6, 9 and 12.
 */
export const watson: RegisteredTask = defineTestProblem({
  id: "mgh-watson",
  number: 20,
  summary: "a differential equation solved by a polynomial; 2 to 31 dimensions, the more the worse conditioned",
  options: { dim: count(6, 2, "n, at most 31") },
  problem: ({ dim: n }) => {
    if (n > 31) throw new ArgumentError("mgh-watson", `dim must be at most 31, the number of residuals, got ${n}`);
    const t = sequence(29, (i) => i / 29);
    const V = matrix(t.map((ti) => powers(ti, n)));
    const dV = matrix(t.map((ti) => [0, ...powers(ti, n - 1).map((p, k) => (k + 1) * p)]));
    const optimum = minima[n];
    return {
      start: sequence(n, () => 0),
      residuals(x) {
        const [x1, x2] = coordinates(x, 2);
        const u = matmul(V, x);
        return concat([sub(sub(matmul(dV, x), mul(u, u)), 1), stack([x1, sub(sub(x2, mul(x1, x1)), 1)]) as Vector]);
      },
      ...(optimum ? { optimum } : {}),
    };
  },
});

const minima: Readonly<Record<number, NonNullable<SumOfSquares["optimum"]>>> = {
  2: { x: [-0.5013670075219627, 1.0736498384595432], value: 0.5466078558746469 },
  6: {
    x: [-0.015725086401458456, 1.0124348693691099, -0.2329916259567377, 1.2604300877996084, -1.5137289227222797, 0.9929964324311346],
    value: 0.0022876700535524363,
  },
  9: {
    x: [
      -1.5307036521394342e-5, 0.9997897039319483, 0.014763963693556958, 0.14634232829936222, 1.0008211030047092, -2.617731140519015,
      4.104403164478857, -3.1436122785564424, 1.0526264080101668,
    ],
    value: 1.39976013809902e-6,
  },
  12: {
    x: [
      -6.638060464520687e-9, 1.000001644117862, -0.0005639322103423058, 0.34782054050404243, -0.15673150409616513, 1.0528151772071777,
      -3.2472711534596677, 7.288434897938061, -10.271848241321724, 9.074113647075317, -4.541375466692512, 1.0120118885528104,
    ],
    value: 4.722381105891757e-10,
  },
};
