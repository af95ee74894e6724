import { deserialize, type LodoState, type Optimizer, type Task } from "@lodo/optim";
import { createRng, type Params, zerosLike } from "@lodo/tensor";
import { begin, type Snapshot, streams } from "../../simulation.ts";
import { noisyQuadraticBowl } from "../../tasks/noisyQuadraticBowl.ts";
import type { Values } from "../../tunedValues.ts";
import { preconditionerOf } from "../inverseErrorRecorder.ts";
import { frozenLodo } from "./frozen.ts";
import type { UnderWay } from "./pursue.ts";

/** How LODO goes on once it has learned. */
export interface Continuation {
  readonly column: string;
  /** As it was left, or another U from its start. */
  readonly bowl: "same" | "new";
  /** Or is θ frozen? */
  readonly learning: boolean;
}

export const continuations: readonly Continuation[] = [
  { column: "frozen, same bowl", bowl: "same", learning: false },
  { column: "frozen, new bowl", bowl: "new", learning: false },
  { column: "learning on, same bowl", bowl: "same", learning: true },
  { column: "learning on, new bowl", bowl: "new", learning: true },
];

/** LODO after its training. */
export interface Trained {
  readonly seed: number;
  readonly values: Values;
  readonly taskValues: Values;
  readonly task: Task;
  readonly optimizer: Optimizer<unknown, never>;
  /** The snapshot, serialized: each continuation takes up a copy of its own. */
  readonly snapshot: Uint8Array;
}

/**
 * Where a continuation begins. On the same bowl: where the training ended. On a new one: x and the centre at 0, no momentum, and a U and a noise
 * that the training has not seen; only what was learned is kept, θ and the meta-optimizer's state.
 */
export function takenUp(trained: Trained, { bowl, learning }: Pick<Continuation, "bowl" | "learning">): UnderWay {
  const { seed, values, optimizer: learner } = trained;
  const ended = deserialize(trained.snapshot) as unknown as Snapshot;
  const learned = ended.optimizer as LodoState<Params, unknown>;
  const optimizer = learning ? learner : frozenLodo(preconditionerOf(trained.task.dim, learner, values), Number(values["beta"]));
  const state = { ...learned, meta: learning ? learned.meta : null };
  if (bowl === "same") return { task: trained.task, optimizer, snapshot: { ...ended, optimizer: state } };
  const elsewhere = createRng(seed).split("new bowl");
  const task = noisyQuadraticBowl(elsewhere.split("problem"), trained.taskValues);
  const start = begin(task, optimizer, { ...streams(seed), draws: elsewhere.split("draws") });
  return { task, optimizer, snapshot: { ...start, optimizer: { ...state, m: zerosLike(learned.m) } } };
}
