import { count } from "@lodo/preconditioner";
import { concat, dot, mul, stack, sub, type Vector, vector } from "@lodo/tensor";
import type { RegisteredTask } from "../task.ts";
import { sequence } from "./sequence.ts";
import { defineTestProblem } from "./sumOfSquares.ts";

/**
 * Problem 25: a sphere with a steep quartic wall across it,
 *   rᵢ = xᵢ − 1, i = 1 … n,   rₙ₊₁ = Σⱼ j (xⱼ − 1),   rₙ₊₂ = rₙ₊₁².
 */
export const variablyDimensioned: RegisteredTask = defineTestProblem({
  id: "mgh-variably-dimensioned",
  number: 25,
  summary: "a sphere with a steep quartic wall across it",
  options: { dim: count(10, 1, "n") },
  problem: ({ dim: n }) => {
    const j = vector(sequence(n, (j) => j));
    return {
      start: sequence(n, (j) => (n - j) / n),
      residuals(x) {
        const d = sub(x, 1);
        const s = dot(j, d);
        return concat([d, stack([s, mul(s, s)]) as Vector]);
      },
      optimum: { x: sequence(n, () => 1), value: 0 },
    };
  },
});
