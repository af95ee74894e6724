import { availableParallelism } from "node:os";
import { InterruptedError } from "../../pool/threads.ts";
import type { SearchConfiguration } from "../../tune/configuration.ts";
import type { SearchFolder } from "../../tune/folder.ts";
import type { Scales } from "../../tune/generation.ts";
import type { SearchResult } from "../../tune/result.ts";
import { SearchError, search, workOf } from "../../tune/search.ts";
import { backendMemory } from "../backendOptions.ts";
import { FailureError } from "../errors.ts";
import { interruptible } from "../interruptible.ts";
import type { Io } from "../io.ts";
import { createProgress } from "../progress.ts";
import { shellQuoted } from "../shellQuoted.ts";
import type { TuneOptions } from "./tuneOptions.ts";

/** The search with its progress shown. @throws FailureError saying how to go on, if it is interrupted or fails: what has ended is kept. */
export async function carryOut(
  io: Io,
  configuration: SearchConfiguration,
  scales: Scales,
  folder: SearchFolder,
  { json = false, workers, data }: TuneOptions,
): Promise<SearchResult> {
  const { task, optimizer } = configuration;
  const total = workOf(configuration);
  const progress = createProgress(io.stderr, { label: `tuning ${optimizer}`, total, unit: "steps", quiet: json });
  const goOn = `go on with: lodo tune ${task} --optimizer ${optimizer} --out ${shellQuoted(folder.path)} --resume`;
  let done = 0;
  try {
    return await interruptible(io, progress, (signal) =>
      search(configuration, scales, {
        memory: backendMemory(workers ?? availableParallelism()),
        journal: folder.journal,
        signal,
        ...(workers === undefined ? {} : { workers }),
        ...(data === undefined ? {} : { data }),
        onProgress(evaluations, note) {
          done = evaluations;
          progress.update(evaluations, note);
        },
      }),
    );
  } catch (error) {
    if (error instanceof InterruptedError) throw new FailureError(`interrupted after about ${done} of ${total} steps; ${goOn}`);
    if (error instanceof SearchError) throw new FailureError(`${error.message}; what has ended is kept, ${goOn}`, { cause: error });
    throw error;
  }
}
