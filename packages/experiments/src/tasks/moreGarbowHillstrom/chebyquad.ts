import { count } from "@lodo/preconditioner";
import { mean, mul, scale, stack, sub, type Vector, vector } from "@lodo/tensor";
import type { RegisteredTask } from "../task.ts";
import { sequence } from "./sequence.ts";
import { defineTestProblem, type SumOfSquares } from "./sumOfSquares.ts";

/**
 * Problem 35, Fletcher 1965: n nodes in (0, 1) whose mean integrates Chebyshev's polynomials (shifted to [0, 1]),
 *   rᵢ = (1/n) Σⱼ Tᵢ(xⱼ) − ∫₀¹ Tᵢ(x) dx, i = 1 … n,   the integral being 0 where i is odd and −1/(i² − 1) where it is even.
 * The minimum is 0 at n ≤ 7 and n = 9. Minima are roots of the gradient in 60 digits; that at n = 8 is the paper's 3.51687e-3, and at n = 10 the
 * paper's 6.50395e-3 is a local one.
 */
export const chebyquad: RegisteredTask = defineTestProblem({
  id: "mgh-chebyquad",
  number: 35,
  summary: "nodes of Chebyshev's quadrature",
  options: { dim: count(8, 1, "n") },
  problem: ({ dim: n }) => {
    const integrals = vector(sequence(n, (i) => (i % 2 === 1 ? 0 : -1 / (i * i - 1))));
    const optimum = minima[n];
    return {
      start: sequence(n, (j) => j / (n + 1)),
      residuals: (x) => sub(stack(chebyshev(n, x).map((T) => mean(T))) as Vector, integrals),
      ...(optimum ? { optimum } : {}),
    };
  },
});

/** T₁(x), …, Tₙ(x) shifted to [0, 1]: T₁ = 2x − 1, Tᵢ₊₁ = 2 (2x − 1) Tᵢ − Tᵢ₋₁. */
function chebyshev(n: number, x: Vector): readonly Vector[] {
  const z = sub(scale(2, x), 1);
  const T: Vector[] = [z];
  for (let i = 1; i < n; i++) T.push(sub(scale(2, mul(z, T[i - 1] as Vector)), T[i - 2] ?? 1));
  return T;
}

const minima: Readonly<Record<number, NonNullable<SumOfSquares["optimum"]>>> = {
  1: { x: [0.5], value: 0 },
  2: { x: [0.2113248654051871, 0.7886751345948129], value: 0 },
  3: { x: [0.14644660940672624, 0.5, 0.8535533905932737], value: 0 },
  4: { x: [0.10267276385411694, 0.40620376295746, 0.5937962370425399, 0.8973272361458831], value: 0 },
  5: { x: [0.08375125649950906, 0.31272929522320947, 0.5, 0.6872707047767905, 0.9162487435004909], value: 0 },
  6: {
    x: [0.0668765909460897, 0.28874067311944424, 0.36668229924164764, 0.6333177007583524, 0.7112593268805558, 0.9331234090539103],
    value: 0,
  },
  7: {
    x: [0.05806914962097548, 0.2351716123574216, 0.3380440947400462, 0.5, 0.6619559052599538, 0.7648283876425784, 0.9419308503790245],
    value: 0,
  },
  8: {
    x: [0.04315276015101663, 0.1930908403841861, 0.26632870689027294, 0.5, 0.5, 0.7336712931097271, 0.8069091596158139, 0.9568472398489833],
    value: 0.0035168737256779316,
  },
  9: {
    x: [
      0.044205346135782767, 0.19949067230988096, 0.23561910847106, 0.416046907892598, 0.5, 0.583953092107402, 0.76438089152894,
      0.8005093276901191, 0.9557946538642172,
    ],
    value: 0,
  },
  10: {
    x: [
      0.032993373018074465, 0.15514535775907337, 0.20018919846138622, 0.38326166496125497, 0.38326166496125497, 0.5292494771334065,
      0.6403535493710659, 0.7135658474159999, 0.8284818230519073, 0.9252518337853975,
    ],
    value: 0.004772713696375349,
  },
};
