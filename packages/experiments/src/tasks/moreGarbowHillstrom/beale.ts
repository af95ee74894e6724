import { mul, sub } from "@lodo/tensor";
import type { RegisteredTask } from "../task.ts";
import { ofCoordinates } from "./coordinates.ts";
import { defineTestProblem } from "./sumOfSquares.ts";

/** Problem 5, Beale 1958: rᵢ = yᵢ − x₁ (1 − x₂ⁱ), i = 1, 2, 3, with y = (1.5, 2.25, 2.625). */
export const beale: RegisteredTask = defineTestProblem({
  id: "mgh-beale",
  number: 5,
  summary: "Beale's function, in two dimensions",
  options: {},
  problem: () => ({
    start: [1, 1],
    residuals: ofCoordinates((x1, x2) => {
      const x2x2 = mul(x2, x2);
      return [sub(1.5, mul(x1, sub(1, x2))), sub(2.25, mul(x1, sub(1, x2x2))), sub(2.625, mul(x1, sub(1, mul(x2x2, x2))))];
    }),
    optimum: { x: [3, 0.5], value: 0 },
  }),
});
