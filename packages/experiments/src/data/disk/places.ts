import { homedir } from "node:os";
import { posix, win32 } from "node:path";
import type { Dataset } from "../datasets.ts";

/** What decides where data lies. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly home: string;
}

export const surroundings = (): Surroundings => ({ env: process.env, platform: process.platform, home: homedir() });

/** A variable that is set to something. */
const variable = ({ env }: Surroundings, name: string): string | undefined => env[name] || undefined;

const pathOf = ({ platform }: Surroundings): typeof posix => (platform === "win32" ? win32 : posix);

/**
 * The user's folder for what can be fetched again: `lodo` in $XDG_CACHE_HOME (a relative one does not count: XDG Base Directory Specification) or
 * ~/.cache; in ~/Library/Caches on macOS; in %LOCALAPPDATA% on Windows.
 */
export function cacheFolder(around: Surroundings): string {
  const { join, isAbsolute } = pathOf(around);
  const { home, platform } = around;
  if (platform === "win32") return join(variable(around, "LOCALAPPDATA") ?? join(home, "AppData", "Local"), "lodo", "Cache");
  if (platform === "darwin") return join(home, "Library", "Caches", "lodo");
  const xdg = variable(around, "XDG_CACHE_HOME");
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(home, ".cache"), "lodo");
}

/** Where data is written: the folder given, else $LODO_DATA, else the cache. */
export const dataFolder = (given: string | undefined, around: Surroundings): string =>
  given ?? variable(around, "LODO_DATA") ?? cacheFolder(around);

/** A data set's own folder in there. */
export const datasetFolder = ({ folders: [own] }: Dataset, given: string | undefined, around: Surroundings): string =>
  pathOf(around).join(dataFolder(given, around), own as string);

/** Every folder that may have a data set, the first first. With a folder given, only what is in that; else $LODO_DATA, the cache and Debian's. */
export function candidateFolders({ folders, debian }: Dataset, given: string | undefined, around: Surroundings): readonly string[] {
  const { join } = pathOf(around);
  const roots = given !== undefined ? [given] : [variable(around, "LODO_DATA"), cacheFolder(around)].filter((root) => root !== undefined);
  const inside = roots.flatMap((root) => folders.map((folder) => join(root, folder)));
  return given === undefined && debian !== undefined && around.platform === "linux" ? [...inside, debian.folder] : inside;
}
