import { ArgumentError, array, createArena, item, type Rng, stopGradient, tensor, tensorsIn, type Vector } from "@lodo/tensor";
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
  /** The last iterate; where the losses are no longer finite, the point of the lowest loss among those before. */
  readonly x: Vector;
  readonly state: S;
  /** Every loss evaluated, in order. */
  readonly losses: readonly number[];
  /** Why it ended before its time, if it did, and at which step t = 0, 1, …. */
  readonly stop?: StopReason & { readonly step: number };
}

/**
 * Runs an optimizer on a loss: `objective` itself, or the draw that it returns for each step t = 0, 1, …. Memory is used again from step to step;
 * what the draws make is theirs. A step without one finite loss is the last: it stops there as `not-finite`, unless the optimizer has its own reason.
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
  const lowest = lowestSeen(from);
  let x = from;
  let state = optimizer.init(x, rng);
  // Where the run starts may be what another ended with: it is not this one's to consume.
  const given = new Set(tensorsIn({ x, state }).map(({ memory }) => memory));
  try {
    for (let t = 0; t < steps; t++) {
      const draw = typeof objective === "function" ? objective(t) : objective;
      checkRequirements(optimizer, draw, "this call");
      const watched = lowest.watch(draw);
      // The losses are read where they lie, so that their memory goes back to the arena.
      const { found, ...update } = arena.run(
        () => {
          const { evaluations, ...rest } = optimizer.update(watched, x, state);
          return { ...rest, found: evaluations.map(item) };
        },
        tensorsIn,
        tensorsIn({ x, state }).filter(({ memory }) => !given.has(memory)),
      );
      losses.push(...found);
      ({ x, state } = update);
      if (update.stop) return { x, state, losses, stop: { ...update.stop, step: t } };
      if (found.length > 0 && !found.some(Number.isFinite)) {
        const detail = `${optimizer.name}: the loss at step ${t} is ${found[0]}`;
        return { x: lowest.x(), state, losses, stop: { kind: "not-finite", detail, step: t } };
      }
    }
    return { x, state, losses };
  } finally {
    arena.close();
  }
}

/** Watches losses for the point where they were lowest: `from` until one is finite. It keeps copies, which outlive the arena of a step. */
function lowestSeen(from: Vector): { watch<O extends Objective>(objective: O): O; x(): Vector } {
  let [numbers, least] = [array(from).slice(), Number.POSITIVE_INFINITY];
  const see = (x: Vector, loss: number): void => {
    if (Number.isFinite(loss) && loss < least) [numbers, least] = [array(stopGradient(x)).slice(), loss];
  };
  return {
    watch: (objective) =>
      // Of nothing: a proxy of a frozen objective could not have another `value`.
      new Proxy({} as typeof objective, {
        has: (_, key) => key in objective,
        get(_, key) {
          const member: unknown = Reflect.get(objective, key);
          if (typeof member !== "function") return member;
          if (key !== "value") return member.bind(objective) as unknown;
          return (x: Vector) => {
            const loss = objective.value(x);
            see(x, item(stopGradient(loss)));
            return loss;
          };
        },
      }),
    x: () => tensor(numbers, from.shape, { dtype: from.dtype }) as Vector,
  };
}
