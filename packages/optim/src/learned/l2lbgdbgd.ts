import { complete, type Hyperparameter, rate, type ValuesOf } from "@lodo/preconditioner";
import {
  add,
  cast,
  equal,
  type Matrix,
  map,
  matmul,
  mul,
  type Params,
  ravel,
  reshape,
  scale,
  slice,
  stack,
  type Tensor,
  type Vector,
  where,
  zeros,
} from "@lodo/tensor";
import { descend, type GradientTransform } from "../optimizer.ts";
import type { RegisteredOptimizer } from "../registry.ts";
import { type LstmState, lstmCell } from "./lstm.ts";
import { preprocess } from "./preprocess.ts";
import { type L2lbgdbgdWeights, trainedWeights } from "./weights.ts";

export type L2lbgdbgdState = {
  /** What the units of each coordinate say and remember: [layers, n, m] each. */
  readonly h: Tensor;
  readonly c: Tensor;
  /** a, [n]: 1 from a coordinate's first gradient that is not 0. */
  readonly awake: Vector;
};

const hyperparameters: { readonly outputScale: Hyperparameter<number> } = {
  outputScale: rate(0.1, "s, scale of the network's output"),
};

export interface L2lbgdbgdOptions extends Partial<ValuesOf<typeof hyperparameters>> {
  /** φ: those trained on noisy quadratic bowls, unless told. */
  readonly weights?: L2lbgdbgdWeights;
}

/**
 * "Learning to learn by gradient descent by gradient descent" (Andrychowicz et al. 2016): the same small recurrent network at every coordinate turns its
 * gradients into its steps. Differs: a coordinate that has seen no gradient but 0 stays where it is. In no coordinate is a step longer than
 * s (‖w‖₁ + |b|), 2.6 with the weights that ship: a minimum that wanders ten times as fast as those they were trained on leaves it behind.
 */
export function l2lbgdbgd<P extends Params>({
  weights: φ = trainedWeights(),
  ...options
}: L2lbgdbgdOptions = {}): GradientTransform<P, L2lbgdbgdState> {
  const { outputScale: s } = complete("l2lbgdbgd", hyperparameters, options);
  const m = φ.output.w.shape[0];
  return {
    name: "l2lbgdbgd",
    init(params) {
      const { x } = ravel(params);
      const {
        shape: [n],
        dtype,
      } = x;
      const silent = zeros([φ.layers.length, n, m], { dtype });
      return { h: silent, c: silent, awake: zeros([n], { dtype }) };
    },
    update(gradients, { h, c, awake: a }) {
      const { x: g, unravel } = ravel(gradients);
      const { layers, output } = map((t) => cast(t, g.dtype), φ);
      const states: LstmState[] = [];
      let signal = preprocess(g);
      for (const [l, layer] of layers.entries()) {
        const state = lstmCell(layer, signal, { h: at(h, l), c: at(c, l) });
        states.push(state);
        signal = state.h;
      }
      // a ← 1 where g ≠ 0
      const aNext = where(equal(g, 0), a, 1) as Vector;
      // Δ = s a ⊙ (h w + b)
      const Δ = mul(scale(s, aNext), add(matmul(signal, output.w), output.b));
      return [unravel(Δ), { h: stack(states.map(({ h }) => h)), c: stack(states.map(({ c }) => c)), awake: aNext }];
    },
  };
}

/** The l-th matrix, [n, m], of [layers, n, m]. */
function at(t: Tensor, l: number): Matrix {
  const [, n, m] = t.shape as readonly [number, number, number];
  return reshape(slice(t, { start: [l, 0, 0], stop: [l + 1, n, m] }), [n, m]);
}

export const l2lbgdbgdOptimizer: RegisteredOptimizer = {
  id: "l2lbgdbgd",
  summary: "a recurrent network, trained on bowls beforehand",
  reference: "Section 5.1; Andrychowicz et al. 2016",
  hyperparameters,
  tunable: ["outputScale"],
  create: (_, values) => descend(l2lbgdbgd<Vector>(values)),
};
