import type { Task } from "@lodo/optim";
import type { Hyperparameters } from "@lodo/preconditioner";
import type { DType, Rng } from "@lodo/tensor";

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
  create(rng: Rng, values: Readonly<Record<string, unknown>>): Task;
}
