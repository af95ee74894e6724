import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { attempt } from "../files.ts";
import { RunFolderError } from "./errors.ts";

/** What a folder's lock is called. It is there while a process writes to the folder, and after one that was killed. */
export const lockName = ".lock";

/** Is this a file of the lock's: the lock, or what a process leaves that was killed while it took the lock? */
export const isLockFile = (name: string): boolean => name === lockName || name.startsWith(`${lockName}.`);

/** Who holds a lock. A restarted container can get its number and name back, but not the moment. */
const holder = z.object({ pid: z.number().int().positive(), hostname: z.string(), began: z.number() });
type Holder = z.infer<typeof holder>;

const here = (): Holder => ({ pid: process.pid, hostname: hostname(), began: performance.timeOrigin });

/**
 * Makes this process the only one that writes to a folder. A lock whose process is no more is taken over.
 * @returns how to let go of it.
 * @throws RunFolderError if another holds it, or one of another host, of which nobody here can say whether it lives.
 */
export const lockFolder = (path: string): (() => void) => attempt(RunFolderError, path, "write", () => take(path, join(path, lockName)));

/**
 * A lock that was left is removed by who holds a lock on removing it, and has seen under that one that it is still there. Else, of two that see it, the
 * slower would remove what the faster has just made.
 */
function take(path: string, file: string): () => void {
  const create = (): boolean => createNew(file, JSON.stringify(here()));
  if (!create()) {
    checkLeft(path, file);
    const release = take(path, `${file}.takeover`);
    try {
      // One that is gone may be back, as another's: only what was seen is removed.
      if (checkLeft(path, file)) rmSync(file);
      if (!create()) throw held(path, file, readHolder(file));
    } finally {
      release();
    }
  }
  return () => rmSync(file, { force: true });
}

/** Is there a lock that was left, and not none? @throws RunFolderError if its holder may live. */
function checkLeft(path: string, file: string): boolean {
  const found = readHolder(file);
  if (found && mayLive(found)) throw held(path, file, found);
  return found !== undefined;
}

/** What `f` makes of a folder that is locked, and of how to unlock it; unlocked if that fails. */
export function whileLocked<T>(path: string, f: (release: () => void) => T): T {
  const release = lockFolder(path);
  try {
    return f(release);
  } catch (error) {
    release();
    throw error;
  }
}

function held(path: string, file: string, found: Holder | null | undefined): RunFolderError {
  const who = found ? `process ${found.pid} on ${found.hostname}` : "another process";
  return new RunFolderError(`expected ${path} to be written to by nobody, found ${who} at it; if no run is going on there, remove ${file}`);
}

/** Makes a file with its content in it, so that nobody finds it half-written. @returns false if there is one already. */
function createNew(file: string, content: string): boolean {
  const own = `${file}.${randomUUID()}`;
  try {
    writeFileSync(own, content);
    try {
      linkSync(own, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      // A file system without links: here the file is there for a moment before its content is.
      writeFileSync(file, content, { flag: "wx" });
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** undefined if there is no lock; null if it does not say whose it is, as after a power failure. */
function readHolder(file: string): Holder | null | undefined {
  try {
    return holder.safeParse(JSON.parse(readFileSync(file, "utf8"))).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function mayLive({ pid, hostname: host, began }: Holder): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return began === performance.timeOrigin;
  try {
    // Signal 0 reaches nobody, and asks whether it could.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
