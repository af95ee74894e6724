import { checkRequirements, type Objective, type Optimizer, type StopReason, type Task } from "@lodo/optim";
import { type Arena, createRng, item, type Rng, type RngState, restoreRng, tensorsIn, type Vector } from "@lodo/tensor";

/** Everything that the rest of a run depends on: plain data, so that it can be saved between any two steps and taken up again. */
export interface Snapshot {
  /** Steps taken so far. */
  readonly step: number;
  readonly x: Vector;
  readonly optimizer: unknown;
  readonly task: unknown;
  /** Where the stream of losses is drawn from. */
  readonly draws: RngState;
}

/** The independent streams of a run. Two optimizers with one seed meet the same problem and the same losses. */
export interface Streams {
  /** What is random about the problem itself. */
  readonly problem: Rng;
  readonly start: Rng;
  readonly draws: Rng;
  /** What is random about the optimizer's structure. */
  readonly structure: Rng;
  /** The optimizer's initial state. */
  readonly optimizer: Rng;
}

export function streams(seed: number): Streams {
  const root = createRng(seed);
  return {
    problem: root.split("problem"),
    start: root.split("start"),
    draws: root.split("draws"),
    structure: root.split("structure"),
    optimizer: root.split("optimizer"),
  };
}

/** The state before the first step. */
export function begin(task: Task, optimizer: Optimizer<unknown, never>, { start, draws, optimizer: rng }: Streams): Snapshot {
  const { x, state } = task.init(start);
  return { step: 0, x, optimizer: optimizer.init(x, rng), task: state, draws: draws.state() };
}

export interface Advance {
  readonly snapshot: Snapshot;
  /** Every loss evaluated in the step, in order. */
  readonly losses: readonly number[];
  readonly stop?: StopReason;
}

/** Is the k-th loss of a step, if it is not finite, that of a trial point: one from which the step goes on to a finite loss, or says itself why it cannot? */
export const isRefused = ({ losses, stop }: Pick<Advance, "losses" | "stop">, k: number): boolean =>
  stop !== undefined || losses.slice(k + 1).some(Number.isFinite);

/**
 * One step: draws a loss, updates x. Runs in the arena and consumes the snapshot handed over: its tensors are dead afterwards.
 * @throws ArgumentError if the task's objective lacks what the optimizer needs.
 */
export function advance(task: Task, optimizer: Optimizer<unknown, never>, snapshot: Snapshot, arena: Arena): Advance {
  const { draws, losses, ...update } = arena.run(
    () => {
      const rng = restoreRng(snapshot.draws);
      const [objective, state] = task.draw(snapshot.task, rng);
      checkRequirements(optimizer, objective, task.name);
      const { evaluations, ...next } = (optimizer as Optimizer<unknown, Objective>).update(objective, snapshot.x, snapshot.optimizer);
      // Read here: what leaves the arena without being consumed later never comes back to it.
      return { ...next, task: state, draws: rng.state(), losses: evaluations.map(item) };
    },
    tensorsIn,
    tensorsIn(snapshot),
  );
  return {
    snapshot: { step: snapshot.step + 1, x: update.x, optimizer: update.state, task: update.task, draws },
    losses,
    ...(update.stop ? { stop: update.stop } : {}),
  };
}
