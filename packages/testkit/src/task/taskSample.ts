import type { Objective, Task, TwiceDifferentiable } from "@lodo/optim";
import type { Hyperparameters } from "@lodo/preconditioner";
import { add, createRng, normal, type Rng, type RngState, restoreRng, type Vector } from "@lodo/tensor";
import { type Arbitrary, integer, record } from "fast-check";
import { drawnValues, edgeValues, type Values } from "../property/hyperparameterValues.ts";
import type { CaseData, CaseSource } from "../property/search.ts";

/** A task as a registry sees it: what is random about the problem itself is drawn from `rng`. */
export interface TaskSource {
  readonly id: string;
  readonly options: Hyperparameters;
  create(rng: Rng, values: Readonly<Record<string, unknown>>): Task;
}

/** A case of a task as plain data. */
export interface TaskData extends CaseData {
  readonly values: Values;
}

export interface TaskSample {
  readonly name: string;
  readonly source: TaskSource;
  readonly task: Task;
  /** The same task built again from the same seed, with the case's values unless told otherwise. */
  make(values?: Readonly<Record<string, unknown>>): Task;
  /** Its start, from the same seed each time. */
  begin(task?: Task): Stream;
}

/** Where a task's draws stand: plain data. */
export interface Stream {
  readonly x: Vector;
  readonly state: unknown;
  readonly draws: RngState;
}

/** The losses of a task may know more than their value. */
export type Loss = Objective & Partial<TwiceDifferentiable>;

/** The next losses of a stream, and where it stands after them. */
export function drawLosses(
  task: Task,
  { x, state, draws }: Stream,
  count: number,
): { readonly losses: readonly Loss[]; readonly stream: Stream } {
  const rng = restoreRng(draws);
  const losses: Loss[] = [];
  let next = state;
  for (let i = 0; i < count; i++) {
    const [loss, after] = task.draw(next, rng);
    losses.push(loss);
    next = after;
  }
  return { losses, stream: { x, state: next, draws: rng.state() } };
}

/** A point near the start. */
export const near = (rng: Rng, x: Vector): Vector => add(x, normal(rng, x.shape, { dtype: x.dtype }));

/** Cases of a task: its options over their domains. */
export function taskCases(source: TaskSource): CaseSource<TaskData, TaskSample> {
  const method = { hyperparameters: source.options };
  const data: Arbitrary<TaskData> = record({ values: drawnValues(method), seed: integer({ min: 1, max: 2 ** 31 - 1 }) });
  const edges = edgeValues(method).map((values, i) => ({ values, seed: 1 + i }));
  return { name: source.id, data, edges, build: (drawn) => taskSample(source, drawn) };
}

function taskSample(source: TaskSource, { values: drawn, seed }: TaskData): TaskSample {
  const rng = createRng(seed);
  const make = (values: Readonly<Record<string, unknown>> = drawn): Task => source.create(rng.split("problem"), values);
  const built = make();
  const begin = (task = built): Stream => ({ ...task.init(rng.split("start")), draws: rng.split("draws").state() });
  return { name: `${source.id} at n = ${built.dim}`, source, task: built, make, begin };
}
