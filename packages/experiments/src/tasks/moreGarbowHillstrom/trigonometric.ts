import { count } from "@lodo/preconditioner";
import { add, cos, mul, sin, sub, sum, vector } from "@lodo/tensor";
import type { RegisteredTask } from "../task.ts";
import { sequence } from "./sequence.ts";
import { defineTestProblem } from "./sumOfSquares.ts";

/**
 * Problem 26, Spedicato 1975: rᵢ = n − Σⱼ cos xⱼ + i (1 − cos xᵢ) − sin xᵢ, i = 1 … n. It vanishes at 0 and elsewhere, and has local minima.
 */
export const trigonometric: RegisteredTask = defineTestProblem({
  id: "mgh-trigonometric",
  number: 26,
  summary: "a sum of sines and cosines, with local minima",
  options: { dim: count(10, 1, "n") },
  problem: ({ dim: n }) => {
    const i = vector(sequence(n, (i) => i));
    return {
      start: sequence(n, () => 1 / n),
      residuals(x) {
        const c = cos(x);
        return add(sub(n, sum(c)), sub(mul(i, sub(1, c)), sin(x)));
      },
      optimum: { x: sequence(n, () => 0), value: 0 },
    };
  },
});
