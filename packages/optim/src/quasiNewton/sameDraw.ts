import { add, scale, sub, type Vector, valueAndGrad } from "@lodo/tensor";
import { checkFits, type Optimizer } from "../optimizer.ts";
import type { InverseHessian } from "./inverseHessian.ts";
import { pairOf } from "./pair.ts";

export interface SameDrawState<M> {
  readonly memory: M;
  /** Steps taken, t. */
  readonly t: number;
}

export interface SameDrawOptions<M> {
  readonly inverseHessian: InverseHessian<M>;
  /** η_t */
  readonly rate: (t: number) => number;
}

/**
 * Quasi-Newton steps at a given rate, for losses that are drawn anew at every step (Schraudolph et al. 2007): both gradients of a pair are those of
 * one draw, so that y is curvature and no noise. Two evaluations a step, before and after it, both reported.
 */
export const sameDraw = <M>(name: string, { inverseHessian, rate }: SameDrawOptions<M>): Optimizer<SameDrawState<M>> => ({
  name,
  requires: new Set(),
  init: (x0) => ({ memory: inverseHessian.init(x0), t: 0 }),
  update(objective, x, { memory, t }) {
    checkFits(name, x, inverseHessian.witness(memory));
    const valueAndGradient = valueAndGrad((x: Vector) => objective.value(x));
    const [loss, g] = valueAndGradient(x);
    // s_t = −η_t H_t ∇ℓ_t(x_t),   x_{t+1} = x_t + s_t
    const s = scale(-rate(t), inverseHessian.apply(memory, g));
    const xNext = add(x, s);
    const [lossNext, gNext] = valueAndGradient(xNext);
    // y_t = ∇ℓ_t(x_{t+1}) − ∇ℓ_t(x_t)
    const pair = pairOf(s, sub(gNext, g));
    return { x: xNext, state: { memory: inverseHessian.learn(memory, pair), t: t + 1 }, evaluations: [loss, lossNext] };
  },
});
