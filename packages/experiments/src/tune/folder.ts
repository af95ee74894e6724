import { existsSync } from "node:fs";
import { join } from "node:path";
import { attempt, json, makeFolder, readJson } from "../files.ts";
import { type Journal, openJournal } from "../pool/journal.ts";
import { writeDurably } from "../run/durable.ts";
import { RunFolderError } from "../run/errors.ts";
import { checkFresh } from "../run/folder.ts";
import { lockFolder } from "../run/lock.ts";
import { parseSaved } from "../savedValue.ts";
import { type SearchConfiguration, searchConfigurationSchema } from "./configuration.ts";

/** What the files of a search's folder are called. */
export const searchFiles = {
  configuration: "config.json",
  individuals: "individuals.jsonl",
  result: "result.json",
  page: "report.html",
} as const;

/** A search's files, being written; nobody else writes to them until it is closed. */
export interface SearchFolder {
  readonly path: string;
  readonly journal: Journal;
  /** Puts a file in place in one go. @throws RunFolderError if the system refuses. */
  write(name: "result" | "page", content: string): void;
  close(): void;
}

/**
 * Begins a search in a new or empty folder.
 * @throws RunFolderError if it is neither, cannot be written to, or another process writes to it.
 */
export function beginSearch(path: string, configuration: SearchConfiguration): SearchFolder {
  checkFresh(path);
  attempt(RunFolderError, path, "write", () => makeFolder(path));
  return open(path, () => {
    // Another may have begun and ended here since.
    checkFresh(path);
    attempt(RunFolderError, path, "write", () => writeDurably(join(path, searchFiles.configuration), json(configuration)));
  });
}

/** Takes up the search in a folder. @throws RunFolderError if another process writes to it; JournalError if its individuals are damaged. */
export const resumeSearch = (path: string): SearchFolder => open(path, () => {});

function open(path: string, prepare: () => void): SearchFolder {
  const release = lockFolder(path);
  try {
    prepare();
    const journal = openJournal(join(path, searchFiles.individuals));
    return {
      path,
      journal,
      write: (name, content) => attempt(RunFolderError, path, "write", () => writeDurably(join(path, searchFiles[name]), content)),
      close() {
        journal.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** @throws RunFolderError if the folder holds no search, or a configuration that is none. */
export function readSearch(path: string): SearchConfiguration {
  const file = join(path, searchFiles.configuration);
  if (!existsSync(file)) {
    throw new RunFolderError(
      `expected a search to resume in ${path}, found no ${searchFiles.configuration} there; without --resume a search begins`,
    );
  }
  return parseSaved(
    searchConfigurationSchema,
    readJson(RunFolderError, file),
    (problem) => new RunFolderError(`${file} is no configuration of a search: ${problem}`),
  );
}
