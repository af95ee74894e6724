import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { attempt, readJson } from "../files.ts";
import { parseConfiguration, type RunConfiguration } from "./configuration.ts";
import { partialName } from "./durable.ts";
import { RunFolderError } from "./errors.ts";
import { isLockFile } from "./lock.ts";

/** What the files of a run folder are called. */
export const fileNames = {
  configuration: "config.json",
  environment: "environment.json",
  records: "records.jsonl",
  /** Only of a run whose x is judged on its way. */
  judgements: "evaluations.jsonl",
  checkpoint: "checkpoint.safetensors",
  summary: "summary.json",
  timings: "timings.json",
  /** There until the first checkpoint is: without it, a missing checkpoint is a loss and no early death. */
  beginning: ".beginning",
} as const;

/**
 * Can a run, or a search, begin in this folder? Writes nothing.
 * @throws RunFolderError if it is no folder, holds anything, or cannot be made or written to.
 */
export function checkFresh(path: string): void {
  checkWritable(path);
  if (!existsSync(path)) return;
  const names = attempt(RunFolderError, path, "read", () => readdirSync(path));
  const left: readonly string[] = [fileNames.beginning, partialName(fileNames.configuration)];
  const rest = names.filter((name) => !left.includes(name) && !isLockFile(name));
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
