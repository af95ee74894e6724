import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { attempt } from "../files.ts";
import { type Checkpoint, decodeCheckpoint } from "./checkpoint.ts";
import type { RunConfiguration } from "./configuration.ts";
import { RunFolderError } from "./errors.ts";
import { fileNames, readConfiguration } from "./folder.ts";
import { simulate } from "./simulate.ts";

/** What the run in a folder is. @throws RunFolderError if there is none, or a configuration that is none. */
export function configurationIn(path: string): RunConfiguration {
  if (!existsSync(join(path, fileNames.configuration)))
    throw new RunFolderError(`expected the folder of a run, found no ${fileNames.configuration} in ${path}`);
  return readConfiguration(path);
}

/**
 * Where a run stands, without its data and without going on.
 * @throws RunFolderError if there is no checkpoint to be read; CheckpointError if it is not of this run.
 */
export function checkpointIn(path: string, configuration: RunConfiguration): Checkpoint {
  const file = join(path, fileNames.checkpoint);
  const bytes = attempt(RunFolderError, file, "read", () => readFileSync(file));
  return decodeCheckpoint(file, bytes, configuration, simulate(configuration, { rehearsal: true }));
}
