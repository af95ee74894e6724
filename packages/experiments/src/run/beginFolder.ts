import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { attempt, json, makeFolder } from "../files.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { RunConfiguration } from "./configuration.ts";
import { syncFolder, writeDurably } from "./durable.ts";
import { environment } from "./environment.ts";
import { RunFolderError } from "./errors.ts";
import { openFiles, type RunFolder } from "./files.ts";
import { checkFresh, fileNames } from "./folder.ts";
import { whileLocked } from "./lock.ts";
import type { Simulation } from "./simulate.ts";

/**
 * Begins a run in a new or empty folder: writes what it is and where it runs, and its checkpoint before the first step.
 * @throws RunFolderError if the folder is not empty, cannot be written or is written to by another process.
 */
export function beginFolder(path: string, configuration: RunConfiguration, simulation: Simulation, start: Checkpoint): RunFolder {
  checkFresh(path);
  attempt(RunFolderError, path, "write", () => makeFolder(path));
  return whileLocked(path, (release) => {
    // Another may have begun and ended here since.
    checkFresh(path);
    return attempt(RunFolderError, path, "write", () => {
      writeFileSync(join(path, fileNames.beginning), "");
      syncFolder(path);
      writeDurably(join(path, fileNames.configuration), json(configuration));
      return fill(path, configuration, simulation, start, release);
    });
  });
}

/** From its configuration on, everything that a run begins with. */
export function fill(
  path: string,
  configuration: RunConfiguration,
  simulation: Simulation,
  start: Checkpoint,
  release: () => void,
): RunFolder {
  writeDurably(join(path, fileNames.environment), json(environment()));
  writeDurably(join(path, fileNames.records), "");
  const folder = openFiles(path, configuration, simulation, release);
  folder.checkpoint(start);
  rmSync(join(path, fileNames.beginning));
  return folder;
}
