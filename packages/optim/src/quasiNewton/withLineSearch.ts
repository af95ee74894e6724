import { count, decay, type Hyperparameter, rate, type ValuesOf } from "@lodo/preconditioner";
import { abs, add, dot, epsilon, item, max, norm, type Scalar, scale, sub, type Vector, valueAndGrad } from "@lodo/tensor";
import { beginSearch } from "../lineSearch/moreThuente.ts";
import { searchLine } from "../lineSearch/searchLine.ts";
import type { Objective } from "../objective.ts";
import { checkFits, type Optimizer, type StopReason } from "../optimizer.ts";
import type { InverseHessian } from "./inverseHessian.ts";
import { pairOf } from "./pair.ts";

/** A point with its loss and gradient. */
interface Evaluated {
  readonly x: Vector;
  readonly loss: number;
  readonly g: Vector;
}

export interface LineSearchState<M> {
  readonly memory: M;
  /** The loss at x and its gradient, evaluated by the search that led there; null before the first step. */
  readonly here: Pick<Evaluated, "loss" | "g"> | null;
}

export const lineSearchHyperparameters: {
  readonly ftol: Hyperparameter<number>;
  readonly gtol: Hyperparameter<number>;
  readonly xtol: Hyperparameter<number>;
  readonly maxStep: Hyperparameter<number>;
  readonly maxEvaluations: Hyperparameter<number>;
  readonly gradientTolerance: Hyperparameter<number>;
  readonly lossTolerance: Hyperparameter<number>;
} = {
  ftol: rate(1e-4, "part of the decrease promised by the slope that is enough"),
  gtol: decay(0.9, "part of the slope that may remain"),
  xtol: rate(1e-16, "relative width of the bracket at which a search gives up"),
  maxStep: rate(1e10, "bound of the step along the direction"),
  maxEvaluations: count(20, 1, "evaluations in one search"),
  gradientTolerance: rate(1e-8, "‖g‖∞ at which it has converged"),
  lossTolerance: rate(1e-14, "relative decrease of the loss at which it has converged"),
};

/**
 * Quasi-Newton steps with the line search of Moré & Thuente (1994), for losses that stay the same from step to step. A step is one search; every
 * evaluation in it is reported, and the loss at x is not evaluated again. The loss never rises: x is the best iterate. Where no step along −H g
 * lowers the loss, what was learned is forgotten and −g is searched; where that fails too, it stops.
 */
export function withLineSearch<M>(
  name: string,
  inverseHessian: InverseHessian<M>,
  options: ValuesOf<typeof lineSearchHyperparameters>,
): Optimizer<LineSearchState<M>> {
  const { maxStep, maxEvaluations, gradientTolerance, lossTolerance, ...tolerances } = options;

  /** What a search along −H g from a point finds: the next point and its pair, or why there is none. */
  function search(
    evaluate: (x: Vector) => Evaluated,
    from: Evaluated,
    memory: M,
  ): { readonly next: Evaluated; readonly s: Vector } | StopReason {
    // p = −H g
    const p = scale(-1, inverseHessian.apply(memory, from.g));
    const slope = item(dot(from.g, p));
    if (!Number.isFinite(slope)) return { kind: "not-finite", detail: `${name}: the slope gᵀp along −H g is ${slope}` };
    if (slope >= 0) return { kind: "line-search-failed", detail: `${name}: the slope gᵀp along −H g is ${slope}, which does not descend` };
    const tried = new Map<number, Evaluated>();
    const φ = (α: number): { readonly value: number; readonly slope: number } => {
      const at = evaluate(add(from.x, scale(α, p)));
      tried.set(α, at);
      // φ′(α) = ∇ℓ(x + α p)ᵀ p
      return { value: at.loss, slope: item(dot(at.g, p)) };
    };
    const first = inverseHessian.learned(memory) ? 1 : Math.min(1, 1 / item(norm(p)));
    const start = beginSearch({ value: from.loss, slope }, Math.min(first, maxStep), { ...tolerances, greatest: maxStep });
    const { reason, best } = searchLine(φ, start, maxEvaluations);
    const next = tried.get(best.step);
    if (next && (reason === "converged" || next.loss < from.loss)) return { next, s: scale(best.step, p) };
    const last = [...tried.keys()].at(-1);
    return {
      kind: reason === "not-finite" ? "not-finite" : "line-search-failed",
      detail: `${name}: no step along −H g lowers the loss ${from.loss}, whose slope there is ${slope}: ${reason} after ${tried.size} evaluations, the last at the step ${last}, of the loss ${tried.get(last as number)?.loss}`,
    };
  }

  function converged(before: number, { loss, g }: Pick<Evaluated, "loss" | "g">): StopReason | undefined {
    const gMax = item(max(abs(g)));
    if (gMax <= gradientTolerance) return { kind: "converged", detail: `${name}: ‖g‖∞ = ${gMax}, at most ${gradientTolerance}` };
    // A relative decrease below the rounding of the loss is none.
    const least = Math.max(lossTolerance, epsilon[g.dtype]) * Math.max(Math.abs(before), Math.abs(loss));
    if (before - loss <= least)
      return { kind: "converged", detail: `${name}: the loss fell by ${before - loss} to ${loss}, at most ${least}` };
    return undefined;
  }

  return {
    name,
    requires: new Set(),
    init: (x0) => ({ memory: inverseHessian.init(x0), here: null }),
    update(objective: Objective, x, { memory, here }) {
      checkFits(name, x, here?.g ?? inverseHessian.witness(memory));
      const evaluations: Scalar[] = [];
      const evaluate = (x: Vector): Evaluated => {
        const [loss, g] = valueAndGrad((x: Vector) => objective.value(x))(x);
        evaluations.push(loss);
        return { x, loss: item(loss), g };
      };
      const from: Evaluated = here ? { x, ...here } : evaluate(x);
      const stay = (stop: StopReason): ReturnType<Optimizer<LineSearchState<M>>["update"]> => ({
        x,
        state: { memory, here: { loss: from.loss, g: from.g } },
        evaluations,
        stop,
      });
      const gMax = item(max(abs(from.g)));
      if (!Number.isFinite(from.loss)) return stay({ kind: "not-finite", detail: `${name}: the loss is ${from.loss}` });
      if (!Number.isFinite(gMax)) return stay({ kind: "not-finite", detail: `${name}: the gradient's ‖g‖∞ is ${gMax}` });
      if (gMax <= gradientTolerance) return stay({ kind: "converged", detail: `${name}: ‖g‖∞ = ${gMax}, at most ${gradientTolerance}` });
      const direct = search(evaluate, from, memory);
      const again = "kind" in direct && inverseHessian.learned(memory);
      const kept = again ? inverseHessian.init(x) : memory;
      const found = again ? search(evaluate, from, kept) : direct;
      if ("kind" in found) return stay(found);
      const { next, s } = found;
      const state = { memory: inverseHessian.learn(kept, pairOf(s, sub(next.g, from.g))), here: { loss: next.loss, g: next.g } };
      const stop = converged(from.loss, next);
      return { x: next.x, state, evaluations, ...(stop ? { stop } : {}) };
    },
  };
}
