import { add, atan, div, less, mul, scale, sqrt, sub, where } from "@lodo/tensor";
import type { RegisteredTask } from "../task.ts";
import { ofCoordinates } from "./coordinates.ts";
import { defineTestProblem } from "./sumOfSquares.ts";

/**
 * Problem 7, Fletcher & Powell 1963: a valley along a helix,
 *   r₁ = 10 (x₃ − 10 θ(x₁, x₂)),   r₂ = 10 (√(x₁² + x₂²) − 1),   r₃ = x₃,
 * where θ is the angle in turns, from −¼ to ¾: f jumps where x₁ = 0 and x₂ ≤ 0.
 */
export const helicalValley: RegisteredTask = defineTestProblem({
  id: "mgh-helical-valley",
  number: 7,
  summary: "a valley along a helix, in three dimensions",
  options: {},
  problem: () => ({
    start: [-1, 0, 0],
    residuals: ofCoordinates((x1, x2, x3) => {
      // θ = arctan(x₂/x₁)/2π where x₁ > 0, and half a turn more where x₁ < 0
      const θ = add(scale(1 / (2 * Math.PI), atan(div(x2, x1))), where(less(x1, 0), 0.5, 0));
      const ρ = sqrt(add(mul(x1, x1), mul(x2, x2)));
      return [scale(10, sub(x3, scale(10, θ))), scale(10, sub(ρ, 1)), x3];
    }),
    optimum: { x: [1, 0, 0], value: 0 },
  }),
});
