import { readFileSync } from "node:fs";
import { type AdamState, type L2lbgdbgdState, type L2lbgdbgdWeights, type MetaTrainingState, serialize } from "@lodo/optim";
import { z } from "zod";
import { type BackendChoice, backendIds } from "../backends/choice.ts";
import { attempt } from "../files.ts";
import { writeDurably } from "../run/durable.ts";
import { CheckpointError } from "../run/errors.ts";
import { natural, number, parseSaved, readTree } from "../savedValue.ts";
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
const losses = z.array(number);
const schema = z.object({
  kind: z.literal(kind),
  choice: z.object({ backend: z.enum(backendIds), fastMath: z.boolean() }).exactOptional(),
  options: z.object({
    seed: z.number().int(),
    updates: natural,
    unroll: natural,
    layers: natural,
    hidden: natural,
    dim: natural,
  }),
  curve: losses,
  losses,
  state: z.custom<TrainingCheckpoint["state"]>((state) => z.looseObject({ updates: natural }).safeParse(state).success, "expected a state"),
});

/** Replaces the file in one go. @throws CheckpointError if the system refuses. */
export function saveTraining(file: string, checkpoint: TrainingCheckpoint): void {
  attempt(CheckpointError, file, "write", () => writeDurably(file, serialize({ kind, ...checkpoint })));
}

/** @throws CheckpointError naming the file, what was expected and what was found. */
export function readTraining(file: string): TrainingCheckpoint {
  const bytes = attempt(CheckpointError, file, "read", () => readFileSync(file));
  const refuse = (problem: string): CheckpointError => new CheckpointError(`${file} is no checkpoint of a meta-training: ${problem}`);
  return parseSaved(schema, readTree(bytes, refuse), refuse);
}
