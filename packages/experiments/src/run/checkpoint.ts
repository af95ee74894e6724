import { serialize, stopKinds } from "@lodo/optim";
import { z } from "zod";
import { natural, number, parseSaved, readTree } from "../savedValue.ts";
import type { Snapshot } from "../simulation.ts";
import { checkSameRun, parseConfiguration, type RunConfiguration, withoutUpkeep } from "./configuration.ts";
import { CheckpointError } from "./errors.ts";
import { lengthen } from "./lengthen.ts";
import { checkFits, fixedShape, snapshotShape } from "./savedSnapshot.ts";
import type { Simulation } from "./simulate.ts";
import type { Tally } from "./tally.ts";

/** Everything that the rest of a run depends on. */
export interface Checkpoint {
  readonly snapshot: Snapshot;
  readonly tally: Tally;
  /** Evaluations that were done when x was last judged by examples; 0 before. */
  readonly judgedAt: number;
  /** Length of the records at this point, in bytes. */
  readonly recordBytes: number;
  /** The same of what x was judged to be. */
  readonly judgementBytes: number;
}

const schema = z.object({
  kind: z.literal("lodo-run"),
  configuration: z.unknown(),
  fixed: fixedShape,
  snapshot: snapshotShape,
  tally: z.object({
    evaluations: natural,
    finalLoss: number.nullable(),
    tailSum: number,
    tailCount: natural,
    diverged: natural.nullable(),
    stopped: z.object({ kind: z.enum(stopKinds), detail: z.string() }).nullable(),
    // Before runs were made longer, nothing depended on it.
    cut: z.boolean().default(false),
  }),
  // Before runs were judged on their way, checkpoints knew nothing of it.
  judgedAt: natural.default(0),
  recordBytes: natural,
  judgementBytes: natural.default(0),
});

/** A checkpoint as a safetensors file, with the run that it is of and what that run's optimizer fixed at the start. */
export const encodeCheckpoint = (configuration: RunConfiguration, { fixed }: Simulation, checkpoint: Checkpoint): Uint8Array =>
  serialize({ kind: "lodo-run", configuration: withoutUpkeep(configuration), fixed, ...checkpoint });

/**
 * The checkpoint in a file's bytes, once it is clear that the run described can go on from it.
 * @throws CheckpointError naming the file, what was expected and what was found; ConfigurationMismatchError if it is of another run.
 */
export function decodeCheckpoint(file: string, bytes: Uint8Array, configuration: RunConfiguration, simulation: Simulation): Checkpoint {
  const refuse = (problem: string): CheckpointError =>
    new CheckpointError(`${file} is no checkpoint that this run can go on from: ${problem}`);
  const { configuration: there, fixed, ...checkpoint } = parseSaved(schema, readTree(bytes, refuse), refuse);
  const earlier = parseConfiguration(there, (problem) => refuse(`configuration.${problem}`));
  checkSameRun(file, earlier, configuration);
  checkFits({ fixed: simulation.fixed, snapshot: simulation.start }, { fixed, snapshot: checkpoint.snapshot }, refuse);
  if (configuration.steps === earlier.steps) return checkpoint;
  return { ...checkpoint, tally: lengthen(file, checkpoint.tally, earlier, configuration, simulation.task) };
}
