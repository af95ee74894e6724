import { abs, add, div, exp, log, neg, pow, scale, sub, vector } from "@lodo/tensor";
import type { RegisteredTask } from "../task.ts";
import { coordinates } from "./coordinates.ts";
import { sequence } from "./sequence.ts";
import { defineTestProblem } from "./sumOfSquares.ts";

/**
 * Problem 11, Cox 1969: a Weibull-like curve fitted at tᵢ = i/100, i = 1 … 99,
 *   rᵢ = e^(−|yᵢ − x₂|^x₃ / x₁) − tᵢ,   yᵢ = 25 + (−50 ln tᵢ)^(2/3).
 * As Algorithm 566 has it; the paper prints yᵢ m i x₂ for yᵢ − x₂. f has a kink wherever x₂ is one of the yᵢ > 25. Ten times the start is the
 * minimum.
 */
export const gulf: RegisteredTask = defineTestProblem({
  id: "mgh-gulf",
  number: 11,
  summary: "the Gulf Research and Development function, flat around its start, in three dimensions",
  options: {},
  fixedStart: true,
  problem: () => {
    const t = vector(sequence(99, (i) => i / 100));
    const y = add(25, pow(scale(-50, log(t)), 2 / 3));
    return {
      start: [5, 2.5, 0.15],
      residuals(x) {
        const [x1, x2, x3] = coordinates(x, 3);
        return sub(exp(neg(div(pow(abs(sub(y, x2)), x3), x1))), t);
      },
      optimum: { x: [50, 25, 1.5], value: 0 },
    };
  },
});
