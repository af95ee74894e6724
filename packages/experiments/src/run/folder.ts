import {
  accessSync,
  appendFileSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { attempt, json, makeFolder, readJson } from "../files.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./checkpoint.ts";
import { parseConfiguration, type RunConfiguration } from "./configuration.ts";
import { partialName, syncFolder, writeDurably } from "./durable.ts";
import { type Environment, environment } from "./environment.ts";
import { CheckpointError, RunFolderError } from "./errors.ts";
import { lockFolder, lockName } from "./lock.ts";
import type { Simulation } from "./simulate.ts";
import type { Summary } from "./tally.ts";

/** What the files of a run folder are called. */
export const fileNames = {
  configuration: "config.json",
  environment: "environment.json",
  records: "records.jsonl",
  checkpoint: "checkpoint.safetensors",
  summary: "summary.json",
  timings: "timings.json",
  /** There until the first checkpoint is: without it, a missing checkpoint is a loss and no early death. */
  beginning: ".beginning",
} as const;

/** An evaluation on record. */
export interface RunRecord {
  readonly evaluation: number;
  /** null if it is not finite. */
  readonly loss: number | null;
}

/** One process's share of a run. */
export interface Session {
  /** Evaluations done before it and at its last checkpoint. */
  readonly from: number;
  readonly to: number;
  readonly seconds: number;
}

/** A run's files, being written. Whatever is written stands in an order such that the run can be taken up again wherever it is cut off. */
export interface RunFolder {
  readonly path: string;
  record(record: RunRecord): void;
  /** Length of the records, in bytes. */
  readonly recordBytes: number;
  /** Puts the records on the disk, then the checkpoint, which knows how long they were. */
  checkpoint(checkpoint: Checkpoint): void;
  session(session: Session): void;
  finish(summary: Summary): void;
  /** Lets go of the folder: another process may go on. */
  close(): void;
}

/**
 * Can a run, or a search, begin in this folder? Writes nothing.
 * @throws RunFolderError if it is no folder, holds anything, or cannot be made or written to.
 */
export function checkFresh(path: string): void {
  checkWritable(path);
  if (!existsSync(path)) return;
  const names = attempt(RunFolderError, path, "read", () => readdirSync(path));
  const left: readonly string[] = [fileNames.beginning, partialName(fileNames.configuration), lockName];
  const rest = names.filter((name) => !left.includes(name));
  if (rest.length === 0) return;
  const isBegun = rest.includes(fileNames.configuration);
  const found = isBegun
    ? "what was begun there; add --resume to go on with it, or choose another folder"
    : `${rest.slice(0, 3).join(", ")}${rest.length > 3 ? ", …" : ""}`;
  throw new RunFolderError(`expected ${path} to be an empty folder or none, found ${found}`);
}

/** As far as can be told without writing: the folder, or the nearest above it that there is, is one and may be written to. */
function checkWritable(path: string): void {
  if (!existsSync(path)) {
    checkWritable(dirname(resolve(path)));
    return;
  }
  if (!attempt(RunFolderError, path, "read", () => statSync(path).isDirectory()))
    throw new RunFolderError(`expected ${path} to be a folder, found a file`);
  attempt(RunFolderError, path, "write", () => accessSync(path, constants.W_OK));
}

/**
 * Begins a run in a new or empty folder: writes what it is and where it runs, and its checkpoint before the first step.
 * @throws RunFolderError if the folder is not empty, cannot be written or is written to by another process.
 */
export function beginFolder(path: string, configuration: RunConfiguration, simulation: Simulation, start: Checkpoint): RunFolder {
  checkFresh(path);
  attempt(RunFolderError, path, "write", () => makeFolder(path));
  return locked(path, (release) => {
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

/** What `f` makes of a folder that is locked, and of how to unlock it; unlocked if that fails. */
function locked<T>(path: string, f: (release: () => void) => T): T {
  const release = lockFolder(path);
  try {
    return f(release);
  } catch (error) {
    release();
    throw error;
  }
}

/** From its configuration on, everything that a run begins with. */
function fill(path: string, configuration: RunConfiguration, simulation: Simulation, start: Checkpoint, release: () => void): RunFolder {
  writeDurably(join(path, fileNames.environment), json(environment()));
  writeDurably(join(path, fileNames.records), "");
  const folder = openFolder(path, configuration, simulation, release);
  folder.checkpoint(start);
  rmSync(join(path, fileNames.beginning));
  return folder;
}

/**
 * The configuration of the run in a folder.
 * @throws RunFolderError if the folder holds no run, or a configuration that is none.
 */
export function readConfiguration(path: string): RunConfiguration {
  const file = join(path, fileNames.configuration);
  if (!existsSync(file)) {
    throw new RunFolderError(
      `expected a run to resume in ${path}, found no ${fileNames.configuration} there; without --resume a run begins`,
    );
  }
  const refuse = (problem: string): RunFolderError => new RunFolderError(`${file} is no configuration of a run: ${problem}`);
  return parseConfiguration(readJson(RunFolderError, file), refuse);
}

/** A run taken up again. */
export interface Resumed {
  readonly folder: RunFolder;
  readonly checkpoint: Checkpoint;
  /** Where the run began, if that is not here; its bits may differ from one node to another. */
  readonly elsewhere: Environment | null;
}

/**
 * Takes up the run in a folder where its checkpoint stands; what was recorded after it is cut off, to be computed again.
 * @throws RunFolderError if another process writes to the folder, or it or its records do not hold what they should; CheckpointError if the checkpoint is missing, damaged or foreign;
 * ConfigurationMismatchError if it is of another run. Nothing has been changed then.
 */
export function resumeFolder(path: string, configuration: RunConfiguration, simulation: Simulation, start: Checkpoint): Resumed {
  return locked(path, (release) => takeUp(path, configuration, simulation, start, release));
}

function takeUp(path: string, configuration: RunConfiguration, simulation: Simulation, start: Checkpoint, release: () => void): Resumed {
  const [checkpointFile, recordsFile] = [join(path, fileNames.checkpoint), join(path, fileNames.records)];
  if (!existsSync(checkpointFile)) {
    if (existsSync(join(path, fileNames.beginning))) {
      return {
        folder: attempt(RunFolderError, path, "write", () => fill(path, configuration, simulation, start, release)),
        checkpoint: start,
        elsewhere: null,
      };
    }
    throw new CheckpointError(`expected ${checkpointFile} to resume from, found none`);
  }
  const bytes = attempt(RunFolderError, checkpointFile, "read", () => readFileSync(checkpointFile));
  const checkpoint = decodeCheckpoint(checkpointFile, bytes, configuration, simulation);
  const recorded = existsSync(recordsFile) ? statSync(recordsFile).size : null;
  if (recorded === null || recorded < checkpoint.recordBytes) {
    const found = recorded === null ? "no such file" : `${recorded}`;
    throw new RunFolderError(
      `expected ${recordsFile} to have at least the ${checkpoint.recordBytes} bytes that ${fileNames.checkpoint} counts, found ${found}`,
    );
  }
  const began = readEnvironment(path);
  const here = environment();
  return attempt(RunFolderError, path, "write", () => {
    for (const name of Object.values(fileNames)) rmSync(partialName(join(path, name)), { force: true });
    rmSync(join(path, fileNames.beginning), { force: true });
    truncateSync(recordsFile, checkpoint.recordBytes);
    const elsewhere = JSON.stringify(began) === JSON.stringify(here) ? null : began;
    return { folder: openFolder(path, configuration, simulation, release), checkpoint, elsewhere };
  });
}

function openFolder(path: string, configuration: RunConfiguration, simulation: Simulation, release: () => void): RunFolder {
  const at = (name: keyof typeof fileNames): string => join(path, fileNames[name]);
  const records = openSync(at("records"), "a");
  const earlier = readSessions(at("timings"));
  let recordBytes = statSync(at("records")).size;
  return {
    path,
    get recordBytes() {
      return recordBytes;
    },
    record: (record) =>
      attempt(RunFolderError, at("records"), "write", () => {
        const line = `${JSON.stringify(record)}\n`;
        appendFileSync(records, line);
        recordBytes += Buffer.byteLength(line);
      }),
    checkpoint: (checkpoint) =>
      attempt(RunFolderError, at("checkpoint"), "write", () => {
        fsyncSync(records);
        writeDurably(at("checkpoint"), encodeCheckpoint(configuration, simulation, checkpoint));
      }),
    session: (session) =>
      attempt(RunFolderError, at("timings"), "write", () => {
        const sessions = [...earlier, session];
        const seconds = sessions.reduce((sum, each) => sum + each.seconds, 0);
        writeFileSync(partialName(at("timings")), json({ seconds, evaluationsPerSecond: rate(sessions), sessions }));
        renameSync(partialName(at("timings")), at("timings"));
      }),
    finish: (summary) => attempt(RunFolderError, at("summary"), "write", () => writeDurably(at("summary"), json(summary))),
    close() {
      closeSync(records);
      release();
    },
  };
}

function rate(sessions: readonly Session[]): number | null {
  const [done, seconds] = sessions.reduce(([n, s], { from, to, seconds }) => [n + to - from, s + seconds], [0, 0]);
  return seconds > 0 ? done / seconds : null;
}

/** Timings are no result: where they are lost, they begin anew. */
function readSessions(file: string): readonly Session[] {
  try {
    const { sessions } = JSON.parse(readFileSync(file, "utf8")) as { readonly sessions: readonly Session[] };
    return Array.isArray(sessions) ? sessions.filter(({ from, to, seconds }) => [from, to, seconds].every(Number.isFinite)) : [];
  } catch {
    return [];
  }
}

function readEnvironment(path: string): Environment | null {
  const file = join(path, fileNames.environment);
  return existsSync(file) ? (readJson(RunFolderError, file) as Environment) : null;
}
