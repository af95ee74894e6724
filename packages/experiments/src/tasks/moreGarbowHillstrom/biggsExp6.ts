import { add, exp, mul, neg, scale, sub, vector } from "@lodo/tensor";
import type { RegisteredTask } from "../task.ts";
import { coordinates } from "./coordinates.ts";
import { sequence } from "./sequence.ts";
import { defineTestProblem } from "./sumOfSquares.ts";

/**
 * Problem 18, Biggs 1971: three exponentials fitted to three, with tᵢ = i/10, i = 1 … 13,
 *   rᵢ = x₃ e^(−tᵢ x₁) − x₄ e^(−tᵢ x₂) + x₆ e^(−tᵢ x₅) − yᵢ,   yᵢ = e^(−tᵢ) − 5 e^(−10 tᵢ) + 3 e^(−4 tᵢ).
 * The minimum 5.65565e-3 that the paper gives is a local one.
 */
export const biggsExp6: RegisteredTask = defineTestProblem({
  id: "mgh-biggs-exp6",
  number: 18,
  summary: "three exponentials fitted to data, in six dimensions",
  options: {},
  problem: () => {
    const t = vector(sequence(13, (i) => i / 10));
    const y = add(sub(exp(neg(t)), scale(5, exp(scale(-10, t)))), scale(3, exp(scale(-4, t))));
    return {
      start: [1, 2, 1, 1, 1, 1],
      residuals(x) {
        const [x1, x2, x3, x4, x5, x6] = coordinates(x, 6);
        const decay = (rate: typeof x1) => exp(neg(mul(t, rate)));
        return sub(add(sub(mul(x3, decay(x1)), mul(x4, decay(x2))), mul(x6, decay(x5))), y);
      },
      optimum: { x: [1, 10, 1, 5, 4, 3], value: 0 },
    };
  },
});
