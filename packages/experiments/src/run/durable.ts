import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** What a file is called while it is being written. */
export const partialName = (path: string): string => `${path}.partial`;

/**
 * Replaces a file in one go: whenever the process or the machine stops, the file has either its old bytes or the new ones. Returns once the new ones
 * are on the disk.
 */
export function writeDurably(path: string, content: Uint8Array | string): void {
  const partial = partialName(path);
  try {
    const file = openSync(partial, "w");
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(partial, path);
  } catch (error) {
    // On a full disk it would only be in the way.
    rmSync(partial, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** Puts a folder's list of names on the disk. */
export function syncFolder(path: string): void {
  // Windows has no such thing as syncing a folder, and refuses.
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
