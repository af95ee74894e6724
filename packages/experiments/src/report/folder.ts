import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { attempt, json, readJson } from "../files.ts";
import { writeDurably } from "../run/durable.ts";
import { parseSaved } from "../savedValue.ts";
import { ReportFolderError } from "./errors.ts";
import { type Manifest, manifestSchema } from "./saved.ts";

/** What the files of a report that are not named after an experiment or figure are called. */
export const reportFiles = {
  manifest: "reproduction.json",
  page: "report.html",
  timings: "timings.json",
  /** Outcomes of the jobs that have ended. */
  journal: "journal.jsonl",
  /** A folder: what the jobs that have not ended, or threw, have come to. There while it holds any. */
  checkpoints: "checkpoints",
  /** What is being computed: there until the report is. */
  unfinished: "unfinished.json",
} as const;

/**
 * Writes a report's files in place of an earlier report's. The manifest goes first, so that the folder is known as ours whenever the process ends.
 * @throws ReportFolderError if the system refuses.
 */
export function writeFiles(path: string, manifest: Manifest, files: ReadonlyMap<string, string>): void {
  attempt(ReportFolderError, path, "write to", () => {
    const stale = existsSync(join(path, reportFiles.manifest)) ? readManifest(path).files : [];
    writeDurably(join(path, reportFiles.manifest), json(manifest));
    for (const name of stale) rmSync(join(path, name), { force: true });
    for (const [name, content] of files) writeFileSync(join(path, name), content);
  });
}

/** @throws ReportFolderError if the folder holds no report, or one whose manifest is damaged. */
export function readManifest(path: string): Manifest {
  const file = join(path, reportFiles.manifest);
  if (!existsSync(path)) throw new ReportFolderError(`expected a folder at ${path}, found nothing`);
  if (!existsSync(file))
    throw new ReportFolderError(`expected the results of lodo reproduce or lodo run in ${path}, found no ${reportFiles.manifest}`);
  return readShaped(file, manifestSchema);
}

/** @throws ReportFolderError if the file cannot be read or is not of this shape. */
export const readShaped = <T>(file: string, schema: z.ZodType<T>): T =>
  parseSaved(
    schema,
    readJson(ReportFolderError, file),
    (problem) => new ReportFolderError(`${file} does not hold what it should: ${problem}`),
  );
