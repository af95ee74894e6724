import { complete, decay, type Hyperparameter, type Preconditioner } from "@lodo/preconditioner";
import { ArgumentError, add, type Params, scale, sub, type Vector, valueAndGrad, vjp, zerosLike } from "@lodo/tensor";
import { type AdamState, adam } from "./adam.ts";
import { applyDelta, checkDim, type GradientTransform, type Optimizer } from "./optimizer.ts";

export interface LodoState<Θ extends Params, M> {
  /** θ_t */
  readonly theta: Θ;
  /** m_t, the moving average of gradients, [n]. */
  readonly m: Vector;
  /** State of the meta-optimizer. */
  readonly meta: M;
}

export interface LodoOptions<Θ extends Params, M> {
  /** Learns θ from hypergradients: Adam with α = 0.001 unless told. */
  readonly meta?: GradientTransform<Θ, M>;
  /** β, momentum decay. */
  readonly beta?: number;
}

export const betaHyperparameter: Hyperparameter<number> = decay(0.9, "β, momentum decay");

/**
 * LODO, Algorithm 1: quasi-Newton steps whose preconditioner is learned on the way, by gradient descent on the loss after the step. x_t and m_t
 * count as constants there: the unroll is of one step (Section 3). m₀ = 0, so the first step is null and the first loss is that of x₀; m is not
 * corrected for that bias. Every step evaluates the loss once, at x_{t+1}.
 * @throws (from init) ShapeError if x₀ is not of the preconditioner's dim, ArgumentError if it is not of its dtype.
 */
export function lodo<Θ extends Params, M = AdamState<Θ>>(
  G: Preconditioner<Θ>,
  { meta = adam<Θ>() as unknown as GradientTransform<Θ, M>, beta }: LodoOptions<Θ, M> = {},
): Optimizer<LodoState<Θ, M>> {
  const { beta: β } = complete("lodo", { beta: betaHyperparameter }, { beta });
  return {
    name: "lodo",
    requires: new Set(),
    fixed: G.fixed,
    init(x0, rng) {
      checkDim("lodo", G.dim, x0);
      if (x0.dtype !== G.dtype) throw new ArgumentError("lodo", `x is ${x0.dtype} and the preconditioner ${G.dtype}`);
      const θ = G.init(rng);
      return { theta: θ, m: zerosLike(x0), meta: meta.init(θ) };
    },
    update(objective, x, { theta: θ, m, meta: μ }) {
      // (1)  x_{t+1} = x_t − G(θ_t) m_t                    and how x_{t+1} moves with θ_t
      const [xNext, pullback] = vjp((θ: Θ) => sub(x, G.at(θ).apply(m)), θ);
      // ℓ_{t+1} and its gradient g_{t+1} = ∇ℓ(x_{t+1})
      const [loss, g] = valueAndGrad((x: Vector) => objective.value(x))(xNext);
      // hypergradient  ∂ℓ(x_{t+1})/∂θ_t = (∂x_{t+1}/∂θ_t)ᵀ ∇ℓ(x_{t+1})
      const [Δθ, μNext] = meta.update(pullback(g), μ, θ);
      // m_{t+1} = β m_t + (1 − β) ∇ℓ(x_{t+1})
      const mNext = add(scale(β, m), scale(1 - β, g));
      return { x: xNext, state: { theta: applyDelta(θ, Δθ), m: mNext, meta: μNext }, evaluations: [loss] };
    },
  };
}
