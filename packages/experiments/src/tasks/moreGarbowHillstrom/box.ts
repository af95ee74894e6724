import { exp, mul, neg, scale, sub, vector } from "@lodo/tensor";
import type { RegisteredTask } from "../task.ts";
import { coordinates } from "./coordinates.ts";
import { sequence } from "./sequence.ts";
import { defineTestProblem } from "./sumOfSquares.ts";

/**
 * Problem 12, Box 1966: two exponentials fitted to two, with tᵢ = i/10, i = 1 … 10,
 *   rᵢ = e^(−tᵢ x₁) − e^(−tᵢ x₂) − x₃ (e^(−tᵢ) − e^(−10 tᵢ)).
 * It vanishes at (1, 10, 1), at (10, 1, −1), and wherever x₁ = x₂ and x₃ = 0.
 */
export const box: RegisteredTask = defineTestProblem({
  id: "mgh-box",
  number: 12,
  summary: "Box's three-dimensional function",
  options: {},
  problem: () => {
    const t = vector(sequence(10, (i) => i / 10));
    const c = sub(exp(neg(t)), exp(scale(-10, t)));
    return {
      start: [0, 10, 20],
      residuals(x) {
        const [x1, x2, x3] = coordinates(x, 3);
        return sub(sub(exp(neg(mul(t, x1))), exp(neg(mul(t, x2)))), mul(x3, c));
      },
      optimum: { x: [1, 10, 1], value: 0 },
    };
  },
});
