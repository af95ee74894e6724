import { mul, sub } from "@lodo/tensor";
import type { RegisteredTask } from "../task.ts";
import { ofCoordinates } from "./coordinates.ts";
import { defineTestProblem } from "./sumOfSquares.ts";

/** Problem 4: coordinates that differ by twelve orders at the minimum, r₁ = x₁ − 10⁶, r₂ = x₂ − 2·10⁻⁶, r₃ = x₁ x₂ − 2. */
export const brownBadlyScaled: RegisteredTask = defineTestProblem({
  id: "mgh-brown-badly-scaled",
  number: 4,
  summary: "Brown's badly scaled function, in two dimensions",
  options: {},
  problem: () => ({
    start: [1, 1],
    residuals: ofCoordinates((x1, x2) => [sub(x1, 1e6), sub(x2, 2e-6), sub(mul(x1, x2), 2)]),
    optimum: { x: [1e6, 2e-6], value: 0 },
  }),
});
