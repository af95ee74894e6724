import { ArgumentError, createArena, item, type Rng, tensorsIn, type Vector } from "@lodo/tensor";
import type { Objective } from "./objective.ts";
import { checkRequirements, type Optimizer, type StopReason } from "./optimizer.ts";

export interface MinimizeOptions<S, O extends Objective> {
  readonly optimizer: Optimizer<S, O>;
  /** x₀; it stays usable. */
  readonly from: Vector;
  /** At least 0. */
  readonly steps: number;
  /** Where the optimizer's initial state is drawn from. */
  readonly rng: Rng;
}

export interface Minimized<S> {
  readonly x: Vector;
  readonly state: S;
  /** Every loss evaluated, in order. */
  readonly losses: readonly number[];
  /** Why it ended before its time, if it did, and at which step t = 0, 1, …. */
  readonly stop?: StopReason & { readonly step: number };
}

/**
 * Runs an optimizer on a loss: `objective` itself, or the draw that it returns for each step t = 0, 1, …. Memory is used again from step to step;
 * what the draws make is theirs.
 * @throws ArgumentError if `steps` is no count, or the objective lacks what the optimizer needs.
 */
export function minimize<S, O extends Objective>(
  objective: O | ((t: number) => O),
  { optimizer, from, steps, rng }: MinimizeOptions<S, O>,
): Minimized<S> {
  if (!("requires" in optimizer))
    throw new ArgumentError("minimize", "optimizer is no Optimizer; make one of a gradient transform with descend(…)");
  if (!Number.isSafeInteger(steps) || steps < 0)
    throw new ArgumentError("minimize", `steps must be an integer of at least 0, got ${steps}`);
  const arena = createArena();
  const losses: number[] = [];
  let x = from;
  let state = optimizer.init(x, rng);
  for (let t = 0; t < steps; t++) {
    const draw = typeof objective === "function" ? objective(t) : objective;
    checkRequirements(optimizer, draw, "this call");
    const update = arena.run(() => optimizer.update(draw, x, state), tensorsIn, tensorsIn({ x, state }));
    losses.push(...update.evaluations.map(item));
    ({ x, state } = update);
    if (update.stop) return { x, state, losses, stop: { ...update.stop, step: t } };
  }
  return { x, state, losses };
}
