import { add, epsilon, grad, hvp, item, jvp, type Matrix, mul, type Scalar, scalar, scale, sum, type Tensor, tensor } from "@lodo/tensor";
import { expectClose } from "../counterexample.ts";
import { numbers } from "../derivatives.ts";
import type { Law } from "../law.ts";
import { type Expression, evaluate } from "./expression.ts";
import { type HyperDual, hyperDual, multiplied, plus } from "./hyperDual.ts";
import { hyperDualAlgebra } from "./hyperDualAlgebra.ts";
import { tensorAlgebra } from "./tensorAlgebra.ts";

/** The weight of the i-th result in the value of an expression: dyadic, and never one that an operation could cancel. */
const weight = (i: number): number => 1 + i / 8;

const judged =
  (expression: Expression) =>
  (x: Tensor): Scalar =>
    evaluate(tensorAlgebra, x, expression).reduce<Scalar>((s, y, i) => add(s, scale(weight(i), sum(y))), scalar(0));

function judge(expression: Expression): HyperDual {
  const { rows, cols, at, u, v } = expression;
  const input = Array.from({ length: rows }, (_, i) =>
    Array.from({ length: cols }, (_, j) => {
      const k = i * cols + j;
      return hyperDual(at[k] ?? 0, u[k], v[k]);
    }),
  );
  return evaluate(hyperDualAlgebra, input, expression)
    .map((y, i) => multiplied(hyperDual(weight(i)), y.flat().reduce(plus, hyperDual(0))))
    .reduce(plus, hyperDual(0));
}

/** ε Σ |pᵢ qᵢ|: what the inner product itself may lose. */
const sumOfSizes = (p: Tensor, q: Tensor): number => numbers(mul(p, q)).reduce((s, z) => s + Math.abs(z), 0) * epsilon.float64;

/** Judge and judged evaluate the same chain of operations and of their derivatives: each may err by the running bound. */
const BOUNDS = 2;

/** Six comparisons an expression. */
export const graphLaw: Law<Expression> = {
  name: "expressions agree with hyper-dual numbers at first, second and mixed order",
  check: (expression) => {
    const { rows, cols } = expression;
    const matrix = (xs: readonly number[]): Matrix => tensor([...xs], [rows, cols]);
    const [x, u, v] = [matrix(expression.at), matrix(expression.u), matrix(expression.v)];
    const f = judged(expression);
    const { parts, errors } = judge(expression);
    const [a, b, c, d] = parts;
    const inner = (p: Tensor, q: Tensor): number => numbers(mul(p, q)).reduce((s, z) => s + z, 0);
    const g = grad(f)(x);
    const got: readonly (readonly [string, number, number, number])[] = [
      ["f", item(f(x)), a, errors[0]],
      ["⟨∇f, u⟩", inner(g, u), b, errors[1] + sumOfSizes(g, u)],
      ["J u", item(jvp(f, x, u)[1]), b, errors[1] + sumOfSizes(g, u)],
      ["⟨∇f, v⟩", inner(g, v), c, errors[2] + sumOfSizes(g, v)],
      ["⟨∇²f v, u⟩", inner(hvp(f, x, v), u), d, errors[3] + sumOfSizes(hvp(f, x, v), u)],
      ["⟨∇²f u, v⟩", inner(hvp(f, x, u), v), d, errors[3] + sumOfSizes(hvp(f, x, u), v)],
    ];
    for (const [what, value, expected, error] of got) expectClose(what, value, expected, BOUNDS * error);
    return got.length;
  },
};
