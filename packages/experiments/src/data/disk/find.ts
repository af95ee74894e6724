import { readdirSync } from "node:fs";
import { join } from "node:path";
import { attempt } from "../../files.ts";
import type { Dataset, PublishedFile } from "../datasets.ts";
import { DataError } from "../errors.ts";
import type { Split } from "../labelledPixels.ts";

/** Where the files of a split are, or what a folder that has some of them lacks. */
export interface Found {
  readonly folder: string;
  readonly present: readonly { readonly file: PublishedFile; readonly path: string }[];
  readonly missing: readonly PublishedFile[];
}

/** What a published file may be called on a disk. */
export const namesOf = ({ name }: PublishedFile): readonly string[] =>
  [name, name.replace("-idx", ".idx")].flatMap((plain) => [plain, `${plain}.gz`]);

/** The names in a folder, none if there is no such folder. @throws DataError if it cannot be read, or is a file. */
function namesIn(folder: string): ReadonlySet<string> {
  return attempt(DataError, folder, "read the folder", () => {
    try {
      return new Set(readdirSync(folder));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Set();
      throw error;
    }
  });
}

/** The first folder with all files of a split; else the first with some; else null. */
export function findSplit({ files }: Dataset, split: Split, folders: readonly string[]): Found | null {
  let partial: Found | null = null;
  for (const folder of folders) {
    const found = lookIn(folder, files[split]);
    if (found.missing.length === 0) return found;
    if (found.present.length > 0) partial ??= found;
  }
  return partial;
}

/** Which of some files a folder has, by their names. */
export function lookIn(folder: string, files: readonly PublishedFile[]): Found {
  const names = namesIn(folder);
  const found = files.map((file) => ({ file, name: namesOf(file).find((name) => names.has(name)) }));
  return {
    folder,
    present: found.flatMap(({ file, name }) => (name === undefined ? [] : [{ file, path: join(folder, name) }])),
    missing: found.filter(({ name }) => name === undefined).map(({ file }) => file),
  };
}
