import { add, exp, mul, neg, scale, sub } from "@lodo/tensor";
import type { RegisteredTask } from "../task.ts";
import { ofCoordinates } from "./coordinates.ts";
import { defineTestProblem } from "./sumOfSquares.ts";

/**
 * Problem 3, Powell 1970: coordinates that differ by six orders at the minimum,
 *   r₁ = 10⁴ x₁ x₂ − 1,   r₂ = e^(−x₁) + e^(−x₂) − 1.0001.
 * Its minimum is a root of both in 60 digits.
 */
export const powellBadlyScaled: RegisteredTask = defineTestProblem({
  id: "mgh-powell-badly-scaled",
  number: 3,
  summary: "Powell's badly scaled function, in two dimensions",
  options: {},
  problem: () => ({
    start: [0, 1],
    residuals: ofCoordinates((x1, x2) => [sub(scale(1e4, mul(x1, x2)), 1), sub(add(exp(neg(x1)), exp(neg(x2))), 1.0001)]),
    optimum: { x: [1.0981593296998175e-5, 9.106146739866524], value: 0 },
  }),
});
