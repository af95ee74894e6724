import { type Dataset, datasets, type PublishedFile } from "../datasets.ts";
import { digestOfDigests } from "../digest.ts";
import { DataError } from "../errors.ts";
import { identify } from "../identify.ts";
import type { ImageDataset, LabelledPixels, Split } from "../labelledPixels.ts";
import { byHand } from "./advice.ts";
import { type Found, findSplit } from "./find.ts";
import { candidateFolders, datasetFolder, type Surroundings, surroundings } from "./places.ts";
import { readCifar10Files } from "./readCifar10Files.ts";
import type { Reader } from "./reader.ts";
import { readMnistFiles } from "./readMnistFiles.ts";

export interface LoadOptions {
  /** The folder to look in, and in no other. */
  readonly data?: string;
  /** Fewer images than this are refused. */
  readonly atLeast?: number;
  /** Takes a line for each file that does not have its published digest; unless given, it becomes a warning of the process, on stderr. */
  readonly warn?: (line: string) => void;
  readonly around?: Surroundings;
  /** Data sets that files are recognised as. */
  readonly known?: readonly Dataset[];
}

const readers: Readonly<Record<Dataset["format"], Reader>> = {
  mnist: readMnistFiles,
  "cifar-10": readCifar10Files,
};

/**
 * Reads one split of a data set from the first folder that has its files: `data` alone, or else $LODO_DATA, the user's cache and Debian's folder. Files
 * of the right form without their published digest are read with a warning, and the data's name then says "unverified".
 * @throws DataError, naming the file, what was expected and what was found: if there are no such files, they cannot be read, are not of their form or too
 * few, or are those of another data set.
 */
export function loadImages(
  dataset: Dataset,
  split: Split,
  { data, atLeast = 1, warn = (line) => process.emitWarning(line), around = surroundings(), known = datasets }: LoadOptions = {},
): ImageDataset {
  const found = locate(dataset, split, data, around);
  const { digests, ...pixels } = readers[dataset.format](dataset, found);
  const verified = found.present.map(({ file, path }, i) => isVerified(dataset, { path, sha256: digests[i] as string, file }, known, warn));
  checkImages(dataset, pixels.shape, found.folder, atLeast);
  const all = verified.every(Boolean);
  return { ...pixels, name: all ? dataset.id : `${dataset.id} (unverified)`, split, verified: all, digest: digestOfDigests(digests) };
}

function locate(dataset: Dataset, split: Split, data: string | undefined, around: Surroundings): Found {
  const folders = candidateFolders(dataset, data, around);
  const found = findSplit(dataset, split, folders);
  const what = `the ${split} split of ${dataset.title}`;
  const help = `lodo data ${dataset.id} fetches them; ${byHand(dataset, datasetFolder(dataset, data, around))}`;
  if (found === null) throw new DataError(`expected ${what} in ${folders.join(" or ")}, found none of its files; ${help}`);
  if (found.missing.length === 0) return found;
  const lacks = found.missing.map(({ name }) => name).join(", ");
  throw new DataError(`expected ${what} in ${found.folder}, found ${found.present.length} of its files and no ${lacks}; ${help}`);
}

/** @throws DataError if it is another published file than it should be. */
function isVerified(
  { title }: Dataset,
  { path, sha256, file }: { readonly path: string; readonly sha256: string; readonly file: PublishedFile },
  known: readonly Dataset[],
  warn: (line: string) => void,
): boolean {
  const identity = identify(sha256, file, known);
  if (identity.kind === "other") throw new DataError(`${path}: expected ${title}'s ${file.name}, found ${identity.is}`);
  if (identity.kind === "unverified")
    warn(`${path}: unverified: its SHA-256 is ${sha256}, that of ${title}'s ${file.name} is ${file.sha256}`);
  return identity.kind === "verified";
}

function checkImages({ title, image }: Dataset, [n, ...found]: LabelledPixels["shape"], folder: string, atLeast: number): void {
  if (found.join() !== image.join())
    throw new DataError(`${folder}: expected images of ${image.join("×")} for ${title}, found ${found.join("×")}`);
  if (n < atLeast) throw new DataError(`${folder}: expected at least ${atLeast} images of ${title}, found ${n}`);
}
