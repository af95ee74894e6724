import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { natural } from "../../savedValue.ts";

/** Values that `lodo tune` kept in a file, with what they came to and how to find them again. */
export interface TunedEntry {
  /** By its id, and those of its options that are not at their defaults: the same in all entries of a file. */
  readonly task: string;
  readonly taskOptions: Readonly<Record<string, number | string>>;
  /** Of the hyperparameters that were searched. */
  readonly values: Readonly<Record<string, number>>;
  /** Mean loss over the evaluations 0.9 T < i < T of n runs of T = `steps`; null if none of them came to its end. */
  readonly score: { readonly mean: number | null; readonly std: number | null; readonly n: number; readonly diverged: number };
  readonly steps: number;
  /** What found them, with what version of this package. */
  readonly command: string;
  readonly seed: number;
  readonly version: string;
}

export const tunedSchema: z.ZodType<Readonly<Record<string, TunedEntry>>> = z.record(
  z.string(),
  z.strictObject({
    task: z.string(),
    taskOptions: z.record(z.string(), z.union([z.number(), z.string()])),
    values: z.record(z.string(), z.number()),
    score: z.strictObject({ mean: z.number().nullable(), std: z.number().nullable(), n: natural, diverged: natural }),
    steps: natural,
    command: z.string(),
    seed: z.number().int(),
    version: z.string(),
  }),
);

/** Where a task's tuned values lie: in the sources, which the build reads too. */
export const tunedFile = (task: string): URL => new URL(`../../../src/tasks/tuned/${task}.json`, import.meta.url);

/** The entries in a file, by optimizer; none if there is no file. */
export const readTunedFile = (file: URL): Readonly<Record<string, TunedEntry>> =>
  existsSync(file) ? tunedSchema.parse(JSON.parse(readFileSync(file, "utf8"))) : {};

/** What was tuned on a task, by optimizer. */
export const readTuned = (task: string): Readonly<Record<string, TunedEntry>> => readTunedFile(tunedFile(task));
