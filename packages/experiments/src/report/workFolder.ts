import { existsSync, readdirSync, rmdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { type BackendChoice, choiceOf } from "../backends/choice.ts";
import { attempt, json, makeFolder } from "../files.ts";
import { type Journal, openJournal } from "../pool/journal.ts";
import { partialName, writeDurably } from "../run/durable.ts";
import { isLockFile, lockFolder, whileLocked } from "../run/lock.ts";
import { ReportFolderError } from "./errors.ts";
import { readManifest, readShaped, reportFiles } from "./folder.ts";
import { type Manifest, unfinishedSchema } from "./saved.ts";
import { describeReport, describeSubject, type Subject } from "./subject.ts";

type Begun = Subject & Pick<Manifest, "environment">;

/**
 * A report's folder while it is computed: whatever ends the process, the jobs that have ended are known to the next, and the others go on from
 * their checkpoints.
 */
export interface WorkFolder {
  readonly journal: Journal;
  /** The folder of the checkpoints. */
  readonly checkpoints: string;
  /** Where the work was begun, if that is not here: the last bits of its results may be others. */
  readonly elsewhere: Manifest["environment"] | null;
  /** The report is written. */
  finish(): void;
  /** Lets go of the folder: another process may work in it. */
  close(): void;
}

/**
 * Begins to compute a report in a folder that is new, empty, or holds an earlier report of the same, which the new one will replace. To resume is to
 * go on with what the journal in the folder has, finished or not; where there is nothing, the work begins.
 * @throws ReportFolderError with what was expected and found; RunFolderError if another process works there. Nothing is changed then.
 */
export function openWork(path: string, subject: Begun, { resume }: { readonly resume: boolean }): WorkFolder {
  check(path, subject, resume);
  attempt(ReportFolderError, path, "write to", () => makeFolder(path));
  const release = lockFolder(path);
  try {
    // Another process may have been at it since.
    const earlier = check(path, subject, resume);
    const at = (name: "unfinished" | "journal" | "checkpoints"): string => join(path, reportFiles[name]);
    const [unfinished, journal, checkpoints] = [at("unfinished"), at("journal"), at("checkpoints")];
    return attempt(ReportFolderError, path, "write to", () => {
      // In this order: what is unfinished never has another's journal or checkpoints.
      if (!resume) for (const stale of [journal, checkpoints]) rmSync(stale, { recursive: true, force: true });
      if (earlier === null || !resume) writeDurably(unfinished, json(subject));
      makeFolder(checkpoints);
      const opened = openJournal(journal);
      return {
        journal: opened,
        checkpoints,
        elsewhere:
          resume && earlier && JSON.stringify(earlier.environment) !== JSON.stringify(subject.environment) ? earlier.environment : null,
        finish: () => rmSync(unfinished, { force: true }),
        close() {
          opened.close();
          removeIfEmpty(checkpoints);
          release();
        },
      };
    });
  } catch (error) {
    release();
    throw error;
  }
}

function removeIfEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}

/** What a folder has of some work, and where it was begun. */
export interface Part {
  readonly finished: ReturnType<Journal["finished"]>;
  readonly environment: Manifest["environment"];
}

/**
 * What a folder has of the same work, whole or in part.
 * @throws ReportFolderError if it has none, or of another work; RunFolderError if a process is at it.
 */
export function readPart(path: string, subject: Subject): Part {
  const expected = `expected work on ${describeSubject(subject)} in ${path}`;
  if (!existsSync(path)) throw new ReportFolderError(`${expected}, found no such folder`);
  if (isFile(path)) throw new ReportFolderError(`${expected}, found a file`);
  return whileLocked(path, (release) => {
    const begun = check(path, subject, true);
    const file = join(path, reportFiles.journal);
    if (begun === null || !existsSync(file)) throw new ReportFolderError(`${expected}, found no ${reportFiles.journal}`);
    const journal = openJournal(file);
    const finished = journal.finished();
    journal.close();
    release();
    return { finished, environment: begun.environment };
  });
}

/** What computes the work that a folder holds; null if it holds none. @throws ReportFolderError if what says so is damaged. */
export function computedBy(path: string): BackendChoice | null {
  const unfinished = join(path, reportFiles.unfinished);
  if (existsSync(unfinished)) return choiceOf(readShaped(unfinished, unfinishedSchema));
  return existsSync(join(path, reportFiles.manifest)) ? choiceOf(readManifest(path)) : null;
}

/** What is in the folder already; null if nothing is. Changes nothing. */
function check(path: string, subject: Subject, resume: boolean): Begun | null {
  const expected = `expected ${path} to be an empty folder, none, or an earlier report of ${describeReport(subject)}`;
  if (isFile(path)) throw new ReportFolderError(`${expected}, found a file`);
  const traces: readonly string[] = [partialName(reportFiles.unfinished)];
  const names = existsSync(path)
    ? attempt(ReportFolderError, path, "read", () => readdirSync(path)).filter((n) => !traces.includes(n) && !isLockFile(n))
    : [];
  if (names.length === 0) return null;
  if (names.includes(reportFiles.unfinished)) {
    const found = readShaped(join(path, reportFiles.unfinished), unfinishedSchema);
    if (!resume)
      throw new ReportFolderError(
        `found in ${path} the unfinished work on ${describeSubject(found)}: add --resume to go on with it, or choose another folder`,
      );
    return checkSame(path, subject, found);
  }
  if (!names.includes(reportFiles.manifest))
    throw new ReportFolderError(`${expected}, found ${names.slice(0, 3).join(", ")}${names.length > 3 ? ", …" : ""}`);
  const found = readManifest(path);
  if (describeReport(found) !== describeReport(subject)) throw new ReportFolderError(`${expected}, found one of ${describeReport(found)}`);
  return resume ? checkSame(path, subject, found) : found;
}

const isFile = (path: string): boolean => existsSync(path) && !attempt(ReportFolderError, path, "read", () => statSync(path).isDirectory());

function checkSame(path: string, subject: Subject, found: Begun): Begun {
  if (describeSubject(found) === describeSubject(subject)) return found;
  throw new ReportFolderError(`expected work on ${describeSubject(subject)} in ${path}, found that on ${describeSubject(found)}`);
}
