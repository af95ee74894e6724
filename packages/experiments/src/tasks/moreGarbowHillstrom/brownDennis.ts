import { add, cos, exp, mul, sin, sub, vector } from "@lodo/tensor";
import type { RegisteredTask } from "../task.ts";
import { coordinates } from "./coordinates.ts";
import { sequence } from "./sequence.ts";
import { defineTestProblem } from "./sumOfSquares.ts";

/**
 * Problem 16, Brown & Dennis 1971: far from zero residuals at the minimum, with tᵢ = i/5, i = 1 … 20,
 *   rᵢ = (x₁ + tᵢ x₂ − e^tᵢ)² + (x₃ + x₄ sin tᵢ − cos tᵢ)².
 * Its minimum is a root of the gradient in 60 digits; the paper gives 85822.2.
 */
export const brownDennis: RegisteredTask = defineTestProblem({
  id: "mgh-brown-dennis",
  number: 16,
  summary: "Brown and Dennis's function, large at its minimum, in four dimensions",
  options: {},
  problem: () => {
    const t = vector(sequence(20, (i) => i / 5));
    const [e, s, c] = [exp(t), sin(t), cos(t)];
    return {
      start: [25, 5, -5, -1],
      residuals(x) {
        const [x1, x2, x3, x4] = coordinates(x, 4);
        const u = sub(add(x1, mul(t, x2)), e);
        const v = sub(add(x3, mul(x4, s)), c);
        return add(mul(u, u), mul(v, v));
      },
      optimum: { x: [-11.594439904762165, 13.203630051207204, -0.40343948817685954, 0.2367787744557363], value: 85822.20162635634 },
    };
  },
});
