import { add, mul, scale, sub } from "@lodo/tensor";
import type { RegisteredTask } from "../task.ts";
import { ofCoordinates } from "./coordinates.ts";
import { defineTestProblem } from "./sumOfSquares.ts";

/**
 * Problem 14, Colville 1968: two valleys that are coupled,
 *   r₁ = 10 (x₂ − x₁²),   r₂ = 1 − x₁,   r₃ = √90 (x₄ − x₃²),   r₄ = 1 − x₃,   r₅ = √10 (x₂ + x₄ − 2),   r₆ = (x₂ − x₄)/√10.
 */
export const wood: RegisteredTask = defineTestProblem({
  id: "mgh-wood",
  number: 14,
  summary: "Wood's coupled valleys, in four dimensions",
  options: {},
  problem: () => ({
    start: [-3, -1, -3, -1],
    residuals: ofCoordinates((x1, x2, x3, x4) => [
      scale(10, sub(x2, mul(x1, x1))),
      sub(1, x1),
      scale(Math.sqrt(90), sub(x4, mul(x3, x3))),
      sub(1, x3),
      scale(Math.sqrt(10), sub(add(x2, x4), 2)),
      scale(1 / Math.sqrt(10), sub(x2, x4)),
    ]),
    optimum: { x: [1, 1, 1, 1], value: 0 },
  }),
});
