import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { attempt } from "../files.ts";
import { RunFolderError } from "./errors.ts";

/** What a folder's lock is called. It is there while a process writes to the folder, and after one that was killed. */
export const lockName = ".lock";

/** Who holds a lock. A restarted container can get its number and name back, but not the moment. */
const holder = z.object({ pid: z.number().int().positive(), hostname: z.string(), began: z.number() });
type Holder = z.infer<typeof holder>;

const here = (): Holder => ({ pid: process.pid, hostname: hostname(), began: performance.timeOrigin });

/**
 * Makes this process the only one that writes to a folder. A lock whose process is no more is taken over.
 * @returns how to let go of it.
 * @throws RunFolderError if another holds it, or one of another host, of which nobody here can say whether it lives.
 */
export function lockFolder(path: string): () => void {
  const file = join(path, lockName);
  const take = (): boolean => attempt(RunFolderError, path, "write", () => createNew(file, JSON.stringify(here())));
  if (!take()) {
    const found = readHolder(file);
    if (found && mayLive(found)) throw held(path, found);
    attempt(RunFolderError, path, "write", () => rmSync(file, { force: true }));
    if (!take()) throw held(path, readHolder(file));
  }
  return () => rmSync(file, { force: true });
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

function held(path: string, found: Holder | null): RunFolderError {
  const who = found ? `process ${found.pid} on ${found.hostname}` : "another process";
  return new RunFolderError(
    `expected ${path} to be written to by nobody, found ${who} at it; if no run is going on there, remove ${join(path, lockName)}`,
  );
}

/** Writes a file. @returns false if there is one already. */
function createNew(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** null if there is none, or its process ended before it had said who it was. */
function readHolder(file: string): Holder | null {
  try {
    return holder.safeParse(JSON.parse(readFileSync(file, "utf8"))).data ?? null;
  } catch {
    return null;
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
