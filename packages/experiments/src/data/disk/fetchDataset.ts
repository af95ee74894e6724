import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { attempt, makeFolder } from "../../files.ts";
import { syncFolder } from "../../run/durable.ts";
import { type Dataset, filesOf, type PublishedFile } from "../datasets.ts";
import { createDigest, digestOf } from "../digest.ts";
import { DataError } from "../errors.ts";
import { tarFiles } from "../tar.ts";
import { byHand } from "./advice.ts";
import { download, type Fetch, reasonOf, unpacked } from "./download.ts";
import { lookIn } from "./find.ts";
import { readUnpacked } from "./readUnpacked.ts";
import { type WriteOptions, writeStream } from "./writeStream.ts";

export interface FetchOptions {
  /** A folder on the web to fetch from instead of the published ones. */
  readonly mirror?: string;
  readonly fetch?: Fetch;
  readonly signal?: AbortSignal;
  /** Called with the unpacked bytes on the disk so far, those kept among them, and the name of the file that is coming. */
  readonly onProgress?: (bytes: number, name: string) => void;
}

/** What was there already, as published, and what has been fetched. */
export interface Fetched {
  readonly kept: readonly PublishedFile[];
  readonly fetched: readonly PublishedFile[];
}

/**
 * Fetches the files of a data set that a folder lacks, unpacks them and puts each in its place once all its bytes are known to be the published ones: a
 * file is there whole or not at all.
 * @throws DataError if no address has them, what comes is something else, the folder cannot be written to, or has a file of that name that is another;
 * what the signal was aborted with, if it was.
 */
export async function fetchDataset(dataset: Dataset, folder: string, options: FetchOptions = {}): Promise<Fetched> {
  attempt(DataError, folder, "make the folder", () => makeFolder(folder));
  const { present, missing } = lookIn(folder, filesOf(dataset));
  for (const { path, file } of present) checkKept(dataset, path, file);
  const kept = present.map(({ file }) => file);
  if (missing.length === 0) return { kept, fetched: [] };
  const workshop = attempt(DataError, folder, "write to", () => mkdtempSync(join(folder, ".partial-")));
  try {
    const fetch = dataset.published.archive ? fetchArchive : fetchFiles;
    await fetch({ ...options, dataset, folder, workshop, missing, kept: bytesOf(kept) });
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
  return { kept, fetched: missing };
}

function checkKept({ title }: Dataset, path: string, file: PublishedFile): void {
  const found = digestOf(readUnpacked(path, file.bytes));
  if (found === file.sha256) return;
  throw new DataError(
    `${path}: expected ${title}'s ${file.name} (SHA-256 ${file.sha256}), found another file (${found}); move it away, and it is fetched`,
  );
}

interface Work extends FetchOptions {
  readonly dataset: Dataset;
  readonly folder: string;
  /** A folder beside the files, for what is not whole yet. */
  readonly workshop: string;
  readonly missing: readonly PublishedFile[];
  /** Bytes that are there already. */
  readonly kept: number;
}

const bytesOf = (files: readonly PublishedFile[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

/** From the first address that has it. @throws DataError saying what is wrong with each, and what to do. */
async function fromAnywhere(name: string, work: Work, use: (address: string) => Promise<void>): Promise<void> {
  const { dataset, folder, mirror, signal } = work;
  const reasons: string[] = [];
  for (const address of mirror === undefined ? dataset.published.addresses : [mirror.replace(/\/*$/, "/")]) {
    try {
      return await use(`${address}${name}`);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof Error && "syscall" in error) throw new DataError(`cannot write: ${error.message}`, { cause: error });
      reasons.push(`${address}${name}: ${reasonOf(error)}`);
    }
  }
  throw new DataError(`cannot fetch ${dataset.title}:\n  ${reasons.join("\n  ")}\n${byHand(dataset, folder)}`);
}

async function fetchFiles(work: Work): Promise<void> {
  let before = work.kept;
  for (const file of work.missing) {
    const partial = join(work.workshop, file.name);
    await fromAnywhere(`${file.name}.gz`, work, async (address) => {
      const chunks = unpacked(download(address, work.fetch ?? fetch, work.signal));
      const found = await writeStream(partial, chunks, arriving(work, file, before));
      if (found.sha256 !== file.sha256) throw mismatch(file, found);
    });
    place(work, [file]);
    before += file.bytes;
  }
}

/** The files come together: until the whole archive is known to be the published one, none is in its place. */
async function fetchArchive(work: Work): Promise<void> {
  const archive = work.dataset.published.archive as PublishedFile;
  await fromAnywhere(archive.name, work, async (address) => {
    const digest = createDigest();
    let packed = 0;
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const chunk of download(address, work.fetch ?? fetch, work.signal)) {
        digest.update(chunk);
        packed += chunk.length;
        yield chunk;
      }
    }
    const left = new Set(work.missing);
    let before = work.kept;
    for await (const { name, content } of tarFiles(unpacked(counted()), archive.name)) {
      const file = work.missing.find((wanted) => wanted.name === name.slice(name.lastIndexOf("/") + 1));
      if (!file || !left.delete(file)) continue;
      await writeStream(join(work.workshop, file.name), content, arriving(work, file, before));
      before += file.bytes;
    }
    const sha256 = digest.hex();
    if (sha256 !== archive.sha256) throw mismatch(archive, { bytes: packed, sha256 });
    if (left.size > 0) throw new DataError(`expected ${[...left].map(({ name }) => name).join(", ")} in it, found none`);
  });
  place(work, work.missing);
}

const arriving = ({ onProgress = () => {} }: Work, { bytes: atMost, name }: PublishedFile, before: number): WriteOptions => ({
  atMost,
  onProgress: (bytes) => onProgress(before + bytes, name),
});

const mismatch = (expected: PublishedFile, found: { readonly bytes: number; readonly sha256: string }): DataError =>
  new DataError(`expected ${expected.bytes} bytes with SHA-256 ${expected.sha256}, found ${found.bytes} with ${found.sha256}`);

function place({ folder, workshop }: Work, files: readonly PublishedFile[]): void {
  attempt(DataError, folder, "write to", () => {
    for (const { name } of files) renameSync(join(workshop, name), join(folder, name));
    syncFolder(folder);
  });
}
