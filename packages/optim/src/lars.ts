import { complete, count, decay, type Hyperparameter, rate, type ValuesOf } from "@lodo/preconditioner";
import {
  ArgumentError,
  abs,
  add,
  div,
  gather,
  greater,
  type Layout,
  max,
  mul,
  neg,
  ShapeError,
  scale,
  scatterAdd,
  sqrt,
  type Vector,
  where,
  zerosLike,
} from "@lodo/tensor";
import { type Layers, layersOf } from "./layers.ts";
import { descend, type GradientTransform } from "./optimizer.ts";
import type { RegisteredOptimizer } from "./registry.ts";
import { unitFor } from "./transforms/globalNorm.ts";
import { progress } from "./transforms/schedules/schedule.ts";

export interface LarsState {
  /** v, the velocity. */
  readonly v: Vector;
  /** Steps taken. */
  readonly t: number;
}

const hyperparameters: {
  readonly learningRate: Hyperparameter<number>;
  readonly momentum: Hyperparameter<number>;
  readonly weightDecay: Hyperparameter<number>;
} = {
  learningRate: rate(0.001, "η"),
  momentum: decay(0.9, "μ, momentum decay"),
  weightDecay: rate(1e-4, "λ, weight decay"),
};

/** ‖v‖ of each layer, [layers]. */
function layerNorms(v: Vector, layers: Layers): Vector {
  const unit = unitFor(max(abs(v)));
  const u = div(v, unit);
  return mul(unit, sqrt(scatterAdd(mul(u, u), layers.of, { size: layers.count }))) as Vector;
}

/**
 * LARS (You et al. 2017) as the paper ran it, with a rate that falls quadratically to 0 at the end of the run and no trust coefficient. In each layer
 * r = ‖x‖/(‖g‖ + λ‖x‖), v ← μ v + η (1 − t/T)² r (g + λ x), Δ = −v. A layer is the slices of the layout whose paths agree up to the last dot.
 *
 * Where a layer has ‖x‖ = 0 or ‖g‖ = 0, r = 1, as in the implementations in use: with r = 0 a layer that starts at zero would never leave it, and
 * with the formula's 1/λ a layer without a gradient would lose η of its weights a step however small λ is.
 * @throws ArgumentError unless the layout's slices lie end to end, and `steps` (T) is a count; ShapeError (from init and update) if x is
 * not of the layout's size.
 */
export function lars({
  layout,
  steps: T,
  ...options
}: { readonly layout: Layout; readonly steps: number } & Partial<ValuesOf<typeof hyperparameters>>): GradientTransform<Vector, LarsState> {
  const { learningRate: η, momentum: μ, weightDecay: λ } = complete("lars", hyperparameters, options);
  if (!Number.isSafeInteger(T) || T < 1) throw new ArgumentError("lars", `steps must be an integer of at least 1, got ${String(T)}`);
  const layers = layersOf("lars", layout);
  const check = (x: Vector): void => {
    if (x.shape[0] !== layout.size)
      throw new ShapeError("lars", `expected x of length ${layout.size} (the layout's size), got ${x.shape[0]}`);
  };
  return {
    name: "lars",
    init(x) {
      check(x);
      return { v: zerosLike(x), t: 0 };
    },
    update(g, { v, t }, x) {
      check(x);
      const [normX, normG] = [layerNorms(x, layers), layerNorms(g, layers)];
      // r = ‖x‖/(‖g‖ + λ‖x‖)
      const ratio = where(greater(normX, 0), where(greater(normG, 0), div(normX, add(normG, scale(λ, normX))), 1), 1) as Vector;
      // η (1 − t/T)²
      const rate = η * (1 - progress(t, T)) * (1 - progress(t, T));
      // v ← μ v + η (1 − t/T)² r (g + λ x)
      const vNext = add(scale(μ, v), mul(scale(rate, gather(ratio, layers.of)), add(g, scale(λ, x))));
      return [neg(vNext), { v: vNext, t: t + 1 }];
    },
  };
}

const own = { ...hyperparameters, steps: count(0, 0, "T, steps to the end of the schedule; 0: as long as the run is") };

export const larsOptimizer: RegisteredOptimizer = {
  id: "lars",
  summary: "momentum with a rate for each layer, in proportion to its weights",
  reference: "Section 5.3; You et al. 2017",
  hyperparameters: own,
  tunable: ["learningRate", "momentum", "weightDecay"],
  create({ dim, layout, steps: run }, values) {
    const { steps: T, ...options } = complete("lars", own, values);
    if (!layout) throw new ArgumentError("lars", "needs to know which slices of x are layers, and this task has no layout");
    if (layout.size !== dim) throw new ArgumentError("lars", `expected a layout of ${dim} elements, as x has, got one of ${layout.size}`);
    const steps = T > 0 ? T : run;
    if (steps === undefined)
      throw new ArgumentError("lars", "needs the run's length, and this run has none: set steps, when its rate is to reach 0");
    return descend(lars({ layout, steps, ...options }));
  },
};
