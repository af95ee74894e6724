import { count } from "@lodo/preconditioner";
import { concat, dot, reshape, scale, sub } from "@lodo/tensor";
import type { RegisteredTask } from "../task.ts";
import { sequence } from "./sequence.ts";
import { defineTestProblem } from "./sumOfSquares.ts";

const a = 1e-5;

/**
 * Problem 23, Gill, Murray & Pitfield 1972: x held to the sphere ‖x‖² = ¼ by a penalty,
 *   rᵢ = √a (xᵢ − 1), i = 1 … n,   rₙ₊₁ = Σⱼ xⱼ² − ¼,   a = 10⁻⁵.
 * The paper gives the minima 2.24997e-5 at n = 4 and 7.08765e-5 at n = 10.
 */
export const penalty1: RegisteredTask = defineTestProblem({
  id: "mgh-penalty-1",
  number: 23,
  summary: "a sphere as a penalty",
  options: { dim: count(10, 1, "n") },
  problem: ({ dim: n }) => {
    const ξ = minimumCoordinate(n);
    const sphere = n * ξ * ξ - 0.25;
    return {
      start: sequence(n, (j) => j),
      residuals: (x) => concat([scale(Math.sqrt(a), sub(x, 1)), reshape(sub(dot(x, x), 0.25), [1])]),
      optimum: { x: sequence(n, () => ξ), value: a * n * (ξ - 1) * (ξ - 1) + sphere * sphere },
    };
  },
});

/** All coordinates of the minimum are ξ with ½ ∂f/∂xᵢ = a (ξ − 1) + 2 ξ (n ξ² − ¼) = 0, by Newton's method from the sphere, ξ = 1/(2√n). */
function minimumCoordinate(n: number): number {
  let ξ = 0.5 / Math.sqrt(n);
  for (let i = 0; i < 20; i++) ξ -= (a * (ξ - 1) + 2 * ξ * (n * ξ * ξ - 0.25)) / (a + 6 * n * ξ * ξ - 0.5);
  return ξ;
}
