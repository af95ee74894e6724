import { count } from "@lodo/preconditioner";
import { mul, scale, sub } from "@lodo/tensor";
import type { RegisteredTask } from "../task.ts";
import { columns, interleave } from "./coordinates.ts";
import { sequence } from "./sequence.ts";
import { defineTestProblem } from "./sumOfSquares.ts";

/** Problem 21, Spedicato 1975: n/2 of Rosenbrock's valleys side by side, r₂ᵢ₋₁ = 10 (x₂ᵢ − x₂ᵢ₋₁²), r₂ᵢ = 1 − x₂ᵢ₋₁; n is even. */
export const extendedRosenbrock: RegisteredTask = defineTestProblem({
  id: "mgh-extended-rosenbrock",
  number: 21,
  summary: "Rosenbrock's steep valleys side by side",
  options: { pairs: count(5, 1, "n/2, half the dimension") },
  problem: ({ pairs }) => ({
    start: sequence(2 * pairs, (i) => (i % 2 === 1 ? -1.2 : 1)),
    residuals(x) {
      const [odd, even] = columns(x, 2);
      return interleave([scale(10, sub(even, mul(odd, odd))), sub(1, odd)]);
    },
    optimum: { x: sequence(2 * pairs, () => 1), value: 0 },
  }),
});
