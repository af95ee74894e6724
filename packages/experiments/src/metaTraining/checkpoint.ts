import { readFileSync } from "node:fs";
import {
  type AdamState,
  deserialize,
  FormatError,
  type L2lbgdbgdState,
  type L2lbgdbgdWeights,
  type MetaTrainingState,
  serialize,
} from "@lodo/optim";
import { z } from "zod";
import { type BackendChoice, backendIds } from "../backends/choice.ts";
import { attempt } from "../files.ts";
import { writeDurably } from "../run/durable.ts";
import { CheckpointError } from "../run/errors.ts";
import type { BowlTrainingOptions } from "./bowlTraining.ts";

/** All that the rest of a training depends on. */
export interface TrainingCheckpoint {
  /** What computed it; the reference unless told. */
  readonly choice?: BackendChoice;
  readonly options: BowlTrainingOptions;
  /** Mean losses of the parts that have ended, and the losses since. */
  readonly curve: readonly number[];
  readonly losses: readonly number[];
  readonly state: MetaTrainingState<L2lbgdbgdWeights, L2lbgdbgdState, AdamState<L2lbgdbgdWeights>>;
}

const kind = "lodo-meta-training";
const count = z.number().int().nonnegative();
const losses = z.array(z.custom<number>((value) => typeof value === "number", "expected a number"));
const schema = z.object({
  kind: z.literal(kind),
  choice: z.object({ backend: z.enum(backendIds), fastMath: z.boolean() }).exactOptional(),
  options: z.object({
    seed: z.number().int(),
    updates: count,
    unroll: count,
    layers: count,
    hidden: count,
    dim: count,
  }),
  curve: losses,
  losses,
  state: z.custom<TrainingCheckpoint["state"]>((state) => z.looseObject({ updates: count }).safeParse(state).success, "expected a state"),
});

/** Replaces the file in one go. @throws CheckpointError if the system refuses. */
export function saveTraining(file: string, checkpoint: TrainingCheckpoint): void {
  attempt(CheckpointError, file, "write", () => writeDurably(file, serialize({ kind, ...checkpoint })));
}

/** @throws CheckpointError naming the file, what was expected and what was found. */
export function readTraining(file: string): TrainingCheckpoint {
  const bytes = attempt(CheckpointError, file, "read", () => readFileSync(file));
  const refuse = (problem: string): CheckpointError => new CheckpointError(`${file} is no checkpoint of a meta-training: ${problem}`);
  try {
    const parsed = schema.safeParse(deserialize(bytes));
    if (parsed.success) return parsed.data;
    throw refuse(parsed.error.issues.map(({ path, message }) => `${path.join(".") || "its root"}: ${message}`).join("; "));
  } catch (error) {
    throw error instanceof FormatError ? refuse(error.message) : error;
  }
}
