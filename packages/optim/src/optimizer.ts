import {
  ArgumentError,
  add,
  DTypeError,
  map,
  type Params,
  type Rng,
  type Scalar,
  ShapeError,
  type Tensor,
  type Vector,
  valueAndGrad,
} from "@lodo/tensor";
import type { Objective, Requirement } from "./objective.ts";

/** Why methods end: `converged` is success, the others say what cannot be done from here. */
export const stopKinds = ["converged", "singular-hessian", "line-search-failed", "not-finite"] as const;

/** Why a method ends here. */
export interface StopReason {
  readonly kind: (typeof stopKinds)[number];
  /** Names the method, the quantity and its value. */
  readonly detail: string;
}

/** What one step gives. */
export interface Update<S> {
  readonly x: Vector;
  readonly state: S;
  /** Every loss evaluated, in order; the paper counts these as steps. */
  readonly evaluations: readonly Scalar[];
  /** Present when the method ends here; x is then the best iterate that it knows. */
  readonly stop?: StopReason;
}

/**
 * A pair of pure functions. `O` is what the method demands of the loss, so that the compiler refuses a wrong pair; `requires` says the same at
 * run time. NaN and infinite losses and gradients pass through into x and the state: to stop on them is the caller's choice.
 */
export interface Optimizer<S = unknown, in O extends Objective = Objective> {
  readonly name: string;
  readonly requires: ReadonlySet<Requirement>;
  /** What was drawn once and never changes; saved beside the state, so that a resumed run can tell that it goes on with the same method. */
  readonly fixed?: Readonly<Record<string, readonly Int32Array[]>>;
  /** The state before the first step. */
  init(x0: Vector, rng: Rng): S;
  /** One step. The caller does not use the state it hands over again. */
  update(objective: O, x: Vector, state: S): Update<S>;
}

/** A rule from gradients to steps, on any tree of tensors: the same Adam moves x and θ. */
export interface GradientTransform<P extends Params = Vector, S = unknown> {
  readonly name: string;
  init(params: P): S;
  /** The step Δ to add to the parameters, and the next state. */
  update(g: P, state: S, params: P): readonly [delta: P, state: S];
}

/** x_{t+1} = x_t + Δ(∇ℓ(x_t)): one evaluation a step, at x_t. */
export function descend<S>(transform: GradientTransform<Vector, S>): Optimizer<S> {
  return {
    name: transform.name,
    requires: new Set(),
    init: (x0) => transform.init(x0),
    update(objective, x, state) {
      const [loss, g] = valueAndGrad((x: Vector) => objective.value(x))(x);
      const [Δ, next] = transform.update(g, state, x);
      return { x: applyDelta(x, Δ), state: next, evaluations: [loss] };
    },
  };
}

/** The parameters moved by a step. @throws ShapeError unless they are of one shape: a state of another size than x would make such a step. */
export const applyDelta = <P extends Params>(params: P, delta: P): P =>
  map(
    (p, Δ) => {
      if (p.shape.length === Δ?.shape.length && p.shape.every((n, d) => n === Δ.shape[d])) return add(p, Δ);
      throw new ShapeError("applyDelta", `expected a step of shape [${p.shape}] as the parameters have, got [${Δ?.shape}]`);
    },
    params,
    delta,
  );

/** @throws ArgumentError naming the optimizer, the task and what the objective lacks. */
export function checkRequirements(optimizer: Pick<Optimizer, "name" | "requires">, objective: Objective, task: string): void {
  for (const need of optimizer.requires) {
    if (!(need in objective)) throw new ArgumentError(optimizer.name, `needs an objective with ${need}, and that of ${task} has none`);
  }
}

/** @throws ShapeError unless x is a vector of n elements. */
export function checkDim(op: string, n: number, x: Vector): void {
  if (x.shape.length !== 1 || x.shape[0] !== n)
    throw new ShapeError(op, `expected x of length ${n} (the preconditioner's dim), got shape [${x.shape}]`);
}

/** @throws ShapeError or DTypeError unless x is a vector of the length and dtype of what a state holds; any x fits a state that holds nothing. */
export function checkFits(op: string, x: Vector, witness: Tensor | undefined): void {
  const n = witness?.shape.at(-1) ?? x.shape[0];
  if (x.shape.length !== 1 || x.shape[0] !== n)
    throw new ShapeError(op, `expected x of length ${n} as its state has, got shape [${x.shape}]`);
  if (witness && witness.dtype !== x.dtype) throw new DTypeError(op, `expected x of ${witness.dtype} as its state has, got ${x.dtype}`);
}
