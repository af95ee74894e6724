import {
  add,
  concat,
  fused,
  type Matrix,
  matmul,
  mul,
  type Op,
  type Rng,
  reshape,
  type Shape,
  ShapeError,
  type Strided,
  scale,
  sigmoid,
  slice,
  stack,
  sub,
  type Tensor,
  tanh,
  uniform,
  type Vector,
} from "@lodo/tensor";
import { lstmBackwardKernel, lstmForwardKernel } from "./lstmKernel.ts";

/** The weights of a layer of d inputs and m units; each unit has four gates: input i, forget f, candidate g, output o. */
export type LstmWeights = {
  /** W, [d + m, 4m]: from the inputs and the units to the gates i, f, g, o. */
  readonly W: Matrix;
  /** b, [4m] */
  readonly b: Vector;
};

/** What n copies of a layer say, and what they remember: [n, m] each. */
export interface LstmState {
  readonly h: Matrix;
  readonly c: Matrix;
}

/** x: [n, d], h and c: [n, m] → h and c after the step, [2, n, m] */
function definition(x: Matrix, h: Matrix, c: Matrix, W: Matrix, b: Vector): Tensor {
  const [n, m] = c.shape;
  // [i f g o] = [x h] W + b, before their nonlinearities
  const gates = add(matmul(concat([x, h], { axis: 1 }), W), b) as Matrix;
  const gate = (k: number): Matrix => slice(gates, { start: [0, k * m], stop: [n, (k + 1) * m] });
  // i = σ(·), f = σ(·), g = tanh(·), o = σ(·)
  const [i, f, g, o] = [sigmoid(gate(0)), sigmoid(gate(1)), tanh(gate(2)), sigmoid(gate(3))];
  // c ← f ⊙ c + i ⊙ g
  const cNext = add(mul(f, c), mul(i, g));
  // h ← o ⊙ tanh(c)
  return stack([mul(o, tanh(cNext)), cNext]);
}

const step: Op<Record<never, never>> = fused<Record<never, never>>({
  name: "lstm",
  definition: (_, ...ins) => definition(...(ins as [Matrix, Matrix, Matrix, Matrix, Vector])),
  forward: (_, ...ins) => lstmForwardKernel(...(ins as [Strided, Strided, Strided, Strided, Strided])),
  backward: (_, ct, ins, saved) => lstmBackwardKernel(ct, saved as Strided, ...(ins as [Strided, Strided, Strided, Strided, Strided])),
});

/**
 * One step of n copies of a long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000). x: [n, d] → h, c: [n, m].
 * Computed in one pass that keeps its gates; its definition, and its higher derivatives, are in ops.
 * @throws ShapeError unless x, h and c have n rows, W is [d + m, 4m] and b has 4m numbers.
 */
export function lstmCell({ W, b }: LstmWeights, x: Matrix, { h, c }: LstmState): LstmState {
  const [n, m] = c.shape;
  const d = x.shape[1];
  check("x", x, [n, d], "c", c);
  check("h", h, [n, m], "c", c);
  check("W", W, [d + m, 4 * m], "x and c", x, c);
  check("b", b, [4 * m], "c", c);
  const after = step({}, x, h, c, W, b);
  const part = (k: number): Matrix => reshape(slice(after, { start: [k, 0, 0], stop: [k + 1, n, m] }), [n, m]);
  return { h: part(0), c: part(1) };
}

function check(name: string, t: Tensor, expected: Shape, beside: string, ...others: readonly Tensor[]): void {
  if (t.shape.join() === expected.join()) return;
  const shapes = others.map(({ shape }) => `[${shape}]`).join(" and ");
  throw new ShapeError("lstmCell", `expected ${name} of shape [${expected}] beside ${beside} of ${shapes}, got [${t.shape}]`);
}

/** Weights to begin from: uniform on ±1/√m. */
export function lstmWeights(rng: Rng, d: number, m: number): LstmWeights {
  const r = 1 / Math.sqrt(m);
  return { W: symmetric(r, uniform(rng.split("W"), [d + m, 4 * m])), b: symmetric(r, uniform(rng.split("b"), [4 * m])) };
}

/** Numbers on [0, 1) taken to [−r, r). */
export const symmetric = <S extends Shape>(r: number, u: Tensor<S>): Tensor<S> => sub(scale(2 * r, u), r);
