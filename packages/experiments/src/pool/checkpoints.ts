import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { serialize } from "@lodo/optim";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { digestOf } from "../data/digest.ts";
import type { JobCheckpoint } from "../experiments/experiment.ts";
import { attempt } from "../files.ts";
import { partialName, writeDurably } from "../run/durable.ts";
import { CheckpointError } from "../run/errors.ts";
import { parseSaved, readTree } from "../savedValue.ts";
import type { JobClock } from "./jobClock.ts";

/** Where jobs keep checkpoints, a file each, and how often: plain data, so that it can go to another thread. */
export interface Checkpoints {
  /** There already, and no other process's. */
  readonly folder: string;
  /** Seconds of a job's running time between two of its checkpoints; 0 to keep one wherever the job can go on. */
  readonly every: number;
}

/** Seconds between two checkpoints, unless told: of a large network, one takes a second to write. */
export const usualInterval = 120;

const fileOf = ({ folder }: Checkpoints, key: string): string => join(folder, `${digestOf(utf8ToBytes(key))}.safetensors`);

const schema = z.strictObject({
  kind: z.literal("lodo-job"),
  key: z.string(),
  /** How long the job had run. */
  seconds: z.number().nonnegative(),
  state: z.unknown(),
});

/** The checkpoint of a job that is known by this key. Reading and writing are no part of the job's time. */
export function openCheckpoint(checkpoints: Checkpoints, key: string, clock: JobClock): JobCheckpoint {
  const file = fileOf(checkpoints, key);
  const refuse = (problem: string): CheckpointError =>
    new CheckpointError(`${file} is no checkpoint that this job can go on from: ${problem}; without the file the job begins anew`);
  const read = (): z.infer<typeof schema> | null => {
    if (!existsSync(file)) return null;
    const bytes = attempt(CheckpointError, file, "read", () => readFileSync(file));
    const saved = parseSaved(schema, readTree(bytes, refuse), refuse);
    if (saved.key !== key) throw refuse(`expected that of ${key}, found that of ${saved.key}`);
    return saved;
  };
  let savedAt = 0;
  return {
    refuse,
    load() {
      const saved = clock.untimed(read);
      if (saved === null) return null;
      clock.add(saved.seconds);
      savedAt = saved.seconds;
      return saved.state;
    },
    save(state) {
      const seconds = clock.seconds();
      if (seconds - savedAt < checkpoints.every) return;
      savedAt = seconds;
      clock.untimed(() => {
        const bytes = serialize({ kind: "lodo-job", key, seconds, state: state() });
        attempt(CheckpointError, file, "write", () => writeDurably(file, bytes));
      });
    },
  };
}

/** Removes what jobs that are known by these keys have left. @throws CheckpointError if the system refuses. */
export function removeCheckpoints(checkpoints: Checkpoints, keys: readonly string[]): void {
  const { folder } = checkpoints;
  attempt(CheckpointError, folder, "write to", () => {
    // Thousands of short jobs leave nothing.
    if (!existsSync(folder) || readdirSync(folder).length === 0) return;
    for (const file of keys.map((key) => fileOf(checkpoints, key)))
      for (const name of [file, partialName(file)]) rmSync(name, { force: true });
  });
}
