import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { attempt, json, readJson } from "../files.ts";
import { fill } from "./beginFolder.ts";
import { type Checkpoint, decodeCheckpoint } from "./checkpoint.ts";
import type { RunConfiguration } from "./configuration.ts";
import { partialName, syncFolder, writeDurably } from "./durable.ts";
import { type Environment, environment } from "./environment.ts";
import { CheckpointError, RunFolderError } from "./errors.ts";
import { openFiles, type RunFolder } from "./files.ts";
import { fileNames, readConfiguration } from "./folder.ts";
import { checkLength, cutTo } from "./lines.ts";
import { whileLocked } from "./lock.ts";
import type { Simulation } from "./simulate.ts";

/** A run taken up again. */
export interface Resumed {
  readonly folder: RunFolder;
  readonly checkpoint: Checkpoint;
  /** Where the run began, if that is not here; its bits may differ from one node to another. */
  readonly elsewhere: Environment | null;
}

/**
 * Takes up the run in a folder where its checkpoint stands, to be longer if the configuration says so; what was recorded after it is cut off, to be
 * computed again.
 * @throws RunFolderError if another process writes to the folder, or it or its records do not hold what they should; CheckpointError if the checkpoint is missing, damaged or foreign;
 * ConfigurationMismatchError if it is of another run. Nothing has been changed then.
 */
export function resumeFolder(path: string, configuration: RunConfiguration, simulation: Simulation, start: Checkpoint): Resumed {
  return whileLocked(path, (release) => takeUp(path, configuration, simulation, start, release));
}

function takeUp(path: string, configuration: RunConfiguration, simulation: Simulation, start: Checkpoint, release: () => void): Resumed {
  const at = (name: keyof typeof fileNames): string => join(path, fileNames[name]);
  const there = readConfiguration(path);
  const isLonger = configuration.steps > there.steps;
  const [checkpointFile, recordsFile, judgementsFile] = [at("checkpoint"), at("records"), at("judgements")];
  if (!existsSync(checkpointFile)) {
    if (existsSync(join(path, fileNames.beginning))) {
      return {
        folder: attempt(RunFolderError, path, "write", () => {
          if (isLonger) makeLonger(path, { ...there, steps: configuration.steps });
          return fill(path, configuration, simulation, start, release);
        }),
        checkpoint: start,
        elsewhere: null,
      };
    }
    throw new CheckpointError(`expected ${checkpointFile} to resume from, found none`);
  }
  const bytes = attempt(RunFolderError, checkpointFile, "read", () => readFileSync(checkpointFile));
  const checkpoint = decodeCheckpoint(checkpointFile, bytes, configuration, simulation);
  checkLength(recordsFile, checkpoint.recordBytes, fileNames.checkpoint);
  checkLength(judgementsFile, checkpoint.judgementBytes, fileNames.checkpoint);
  const began = readEnvironment(path);
  const here = environment();
  return attempt(RunFolderError, path, "write", () => {
    for (const name of Object.values(fileNames)) rmSync(partialName(join(path, name)), { force: true });
    rmSync(join(path, fileNames.beginning), { force: true });
    cutTo(recordsFile, checkpoint.recordBytes);
    cutTo(judgementsFile, checkpoint.judgementBytes);
    if (isLonger) makeLonger(path, { ...there, steps: configuration.steps });
    const elsewhere = JSON.stringify(began) === JSON.stringify(here) ? null : began;
    return { folder: openFiles(path, configuration, simulation, release), checkpoint, elsewhere };
  });
}

/** In this order, no summary is ever one of another length than the configuration's. */
function makeLonger(path: string, configuration: RunConfiguration): void {
  rmSync(join(path, fileNames.summary), { force: true });
  syncFolder(path);
  writeDurably(join(path, fileNames.configuration), json(configuration));
}

function readEnvironment(path: string): Environment | null {
  const file = join(path, fileNames.environment);
  return existsSync(file) ? (readJson(RunFolderError, file) as Environment) : null;
}
