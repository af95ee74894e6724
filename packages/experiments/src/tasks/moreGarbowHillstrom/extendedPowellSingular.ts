import { count } from "@lodo/preconditioner";
import { add, mul, scale, sub } from "@lodo/tensor";
import type { RegisteredTask } from "../task.ts";
import { columns, interleave } from "./coordinates.ts";
import { sequence } from "./sequence.ts";
import { defineTestProblem } from "./sumOfSquares.ts";

/**
 * Problem 22, Spedicato 1975: n/4 of Powell's singular functions side by side; n is a multiple of 4. Of each four coordinates,
 *   r₁ = x₁ + 10 x₂,   r₂ = √5 (x₃ − x₄),   r₃ = (x₂ − 2 x₃)²,   r₄ = √10 (x₁ − x₄)².
 * The Hessian at the minimum is singular.
 */
export const extendedPowellSingular: RegisteredTask = defineTestProblem({
  id: "mgh-extended-powell-singular",
  number: 22,
  summary: "Powell's functions with a singular Hessian at the minimum, side by side",
  options: { fours: count(2, 1, "n/4, a quarter of the dimension") },
  problem: ({ fours }) => ({
    start: sequence(4 * fours, (i) => [1, 3, -1, 0][i % 4] as number),
    residuals(x) {
      const [x1, x2, x3, x4] = columns(x, 4);
      const [u, v] = [sub(x2, scale(2, x3)), sub(x1, x4)];
      return interleave([add(x1, scale(10, x2)), scale(Math.sqrt(5), sub(x3, x4)), mul(u, u), scale(Math.sqrt(10), mul(v, v))]);
    },
    optimum: { x: sequence(4 * fours, () => 0), value: 0 },
  }),
});
