import { exp, mul, scale, sub, vector } from "@lodo/tensor";
import type { RegisteredTask } from "../task.ts";
import { coordinates } from "./coordinates.ts";
import { sequence } from "./sequence.ts";
import { defineTestProblem } from "./sumOfSquares.ts";

const rising = [0.0009, 0.0044, 0.0175, 0.054, 0.1295, 0.242, 0.3521];

/**
 * Problem 9: a Gaussian bell fitted to a table of the normal density to four digits, with tᵢ = (8 − i)/2, i = 1 … 15,
 *   rᵢ = x₁ e^(−x₂ (tᵢ − x₃)²/2) − yᵢ.
 * Its minimum is a root of the gradient in 60 digits; the paper gives 1.12793e-8.
 */
export const gaussian: RegisteredTask = defineTestProblem({
  id: "mgh-gaussian",
  number: 9,
  summary: "a Gaussian bell fitted to data, in three dimensions",
  options: {},
  problem: () => {
    const t = vector(sequence(15, (i) => (8 - i) / 2));
    const y = vector([...rising, 0.3989, ...rising.toReversed()]);
    return {
      start: [0.4, 1, 0],
      residuals(x) {
        const [x1, x2, x3] = coordinates(x, 3);
        const u = sub(t, x3);
        return sub(mul(x1, exp(scale(-0.5, mul(x2, mul(u, u))))), y);
      },
      optimum: { x: [0.39895613783875666, 1.0000190844878056, 0], value: 1.127932769618648e-8 },
    };
  },
});
