import type { Task } from "@lodo/optim";
import type { Hyperparameters } from "@lodo/preconditioner";
import type { DType, Rng, Vector } from "@lodo/tensor";

/** Which data a task's losses are of: the results carry it. */
export interface DataIdentity {
  /** A data set's id, or the same with " (unverified)". */
  readonly name: string;
  /** SHA-256 of what was read, in hexadecimal. */
  readonly digest: string;
}

/** What x comes to on data that it was not trained on: a mean over examples. */
export interface Metric {
  /** `test loss`. */
  readonly name: string;
  readonly mean: number;
  /** Of the mean, for examples drawn one by one; 0 where every one was taken. */
  readonly standardError: number;
  /** Examples that it is the mean of. */
  readonly examples: number;
}

/** How many examples to judge by: so many, drawn once and for all alike, or every one. */
export type Sampling = { readonly draws: number } | "everything";

/** Examples done, of so many. */
export interface EvaluationProgress {
  readonly done: number;
  readonly total: number;
}

/** A task with more to it than its training losses. */
export interface MeasuredTask extends Task {
  /** Absent where there are none. */
  readonly data?: DataIdentity;
  /** Yields now and then, so that it can be watched and ended. The same x and sampling give the same bits. */
  evaluate?(x: Vector, sampling: Sampling): Generator<EvaluationProgress, readonly Metric[]>;
}

type Values = Readonly<Record<string, unknown>>;

/** Options of a smaller version of a task, and the share that the memory of its step has in an estimate of the whole one's. The shares sum up to 1. */
export interface MemoryProbe {
  readonly values: Readonly<Record<string, number | string>>;
  readonly weight: number;
  /** Steps of the run's own optimizer in every one of the rehearsals: where they differ in the length of x, so does what it takes. */
  readonly own?: true;
}

/** A task as a registry or a command line sees it. */
export interface RegisteredTask {
  readonly id: string;
  readonly summary: string;
  /** The paper's section. */
  readonly reference: string;
  readonly options: Hyperparameters;
  /** Of x: float64 unless told. */
  readonly dtype?: DType;
  /** What is random about the problem itself is drawn from `rng`. @throws ArgumentError naming the option, its domain and what was given. */
  create(rng: Rng, values: Values): MeasuredTask;
  /** The same on made-up data, for whatever does not depend on the data: sizes, memory, time. Where absent, there are no data. */
  rehearse?(rng: Rng, values: Values): MeasuredTask;
  /** Where memory may not suffice: rehearsals whose steps' bytes, times their weights, sum up to those of a step of this. */
  memoryProbes?(values: Values): readonly MemoryProbe[];
  /** What the laws of tasks are tried on in its place: the same code in float64, on made-up data, and small enough for differences. */
  readonly miniature?: Pick<RegisteredTask, "id" | "options" | "create">;
}
