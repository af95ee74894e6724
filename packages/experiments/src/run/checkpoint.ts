import { deserialize, FormatError, serialize, stopKinds } from "@lodo/optim";
import { Tensor, type Vector } from "@lodo/tensor";
import { z } from "zod";
import type { Snapshot } from "../simulation.ts";
import { checkSameRun, parseConfiguration, type RunConfiguration, withoutUpkeep } from "./configuration.ts";
import { CheckpointError } from "./errors.ts";
import { lengthen } from "./lengthen.ts";
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

const natural = z.number().int().nonnegative();
/** NaN and infinities included. */
const number = z.custom<number>((value) => typeof value === "number", "expected a number");

const schema = z.object({
  kind: z.literal("lodo-run"),
  configuration: z.unknown(),
  fixed: z.record(z.string(), z.array(z.instanceof(Int32Array))),
  snapshot: z.object({
    step: natural,
    x: z.custom<Vector>((x) => x instanceof Tensor && x.shape.length === 1, "expected a vector"),
    optimizer: z.unknown(),
    task: z.unknown(),
    draws: z.object({ key: z.string(), stream: z.array(z.number().int()).length(4) }),
  }),
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
  const parsed = schema.safeParse(readTree(bytes, refuse));
  if (!parsed.success)
    throw refuse(parsed.error.issues.map(({ path, message }) => `${path.join(".") || "its root"}: ${message}`).join("; "));
  const { configuration: there, fixed, ...checkpoint } = parsed.data;
  const earlier = parseConfiguration(there, (problem) => refuse(`configuration.${problem}`));
  checkSameRun(file, earlier, configuration);
  const expected = { fixed: simulation.fixed, snapshot: simulation.start };
  const difference = conflict(expected, { fixed, snapshot: checkpoint.snapshot }, "");
  if (difference !== null) throw refuse(difference);
  if (configuration.steps === earlier.steps) return checkpoint;
  return { ...checkpoint, tally: lengthen(file, checkpoint.tally, earlier, configuration, simulation.task) };
}

function readTree(bytes: Uint8Array, refuse: (problem: string) => CheckpointError): unknown {
  try {
    return deserialize(bytes);
  } catch (error) {
    throw error instanceof FormatError ? refuse(error.message) : error;
  }
}

/**
 * Where a saved state cannot be one of this run, with both sides; null if nowhere. Numbers move and histories grow, but tensors keep their shapes,
 * records their keys, and permutations everything.
 */
function conflict(expected: unknown, found: unknown, path: string): string | null {
  if (expected instanceof Tensor)
    return `${expected}` === `${found}` ? null : `expected ${path} to be ${expected}, found ${describe(found)}`;
  if (expected instanceof Int32Array) {
    return found instanceof Int32Array && `${expected}` === `${found}`
      ? null
      : `expected ${path} as the seed draws it, found ${describe(found)}`;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(found)) return `expected ${path} to be an array, found ${describe(found)}`;
    const fixed = expected.some((child) => child instanceof Int32Array);
    if (fixed && expected.length !== found.length) return `expected ${path} to have ${expected.length} parts, found ${found.length}`;
    return firstConflict(expected.slice(0, found.length).map((child, i) => conflict(child, found[i], `${path}.${i}`)));
  }
  if (typeof expected !== "object" || expected === null) return null;
  const children = isRecord(found) ? found : {};
  const [keys, keysFound] = [Object.keys(expected).join(", "), Object.keys(children).join(", ")];
  if (keys !== keysFound || !isRecord(found))
    return `expected ${path || "the root"} to have ${keys || "nothing"}, found ${describe(found)}`;
  return firstConflict(Object.entries(expected).map(([key, child]) => conflict(child, found[key], path === "" ? key : `${path}.${key}`)));
}

function describe(value: unknown): string {
  if (value instanceof Tensor) return `${value}`;
  if (value instanceof Int32Array) return `${value.length} other integers`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return isRecord(value) ? Object.keys(value).join(", ") || "nothing" : `${value}`;
}

const firstConflict = (conflicts: readonly (string | null)[]): string | null => conflicts.find((c) => c !== null) ?? null;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value) && !(value instanceof Tensor);
