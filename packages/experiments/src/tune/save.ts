import { existsSync } from "node:fs";
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { optimizers } from "@lodo/optim";
import { ArgumentError } from "@lodo/tensor";
import { z } from "zod";
import { attempt, json } from "../files.ts";
import { formatCount, formatEstimate } from "../report/format.ts";
import { writeDurably } from "../run/durable.ts";
import { RunFolderError } from "../run/errors.ts";
import { readTunedFile, type TunedEntry, tunedFile } from "../tasks/tuned/tuned.ts";
import { type SearchConfiguration, scalesOf, settingsOf } from "./configuration.ts";
import type { SearchResult } from "./result.ts";

/**
 * Can the values found by this search stand for its optimizer on its task?
 * @throws ArgumentError if an option of the task, or a hyperparameter that is not searched, is not at its default.
 */
export function checkSavable(configuration: SearchConfiguration): void {
  const optimizer = optimizers.find(({ id }) => id === configuration.optimizer);
  const searched = optimizer ? scalesOf(optimizer) : {};
  const other = settingsOf(configuration).filter(({ scope, key }) => scope === "task" || !Object.hasOwn(searched, key));
  if (other.length > 0)
    throw new ArgumentError(
      "save",
      `expected the task and what is not searched at their defaults, got ${other.map(({ text }) => text).join(", ")}; --save-to keeps such values in a file`,
    );
}

/**
 * Can the values found by this search be kept in this file?
 * @throws RunFolderError if there is no such folder (outside a clone of the repository, that of the tasks), or the file holds something else, or values
 * for another task or other options of it.
 */
export function checkFile(file: URL, configuration: SearchConfiguration): void {
  const path = fileURLToPath(file);
  if (!existsSync(dirname(path))) throw new RunFolderError(`expected a folder ${dirname(path)} for the values found, found none`);
  const here = subject(subjectOf(configuration));
  const stranger = Object.entries(entriesIn(file)).find(([, entry]) => subject(entry) !== here);
  if (stranger) {
    const [optimizer, entry] = stranger;
    throw new RunFolderError(
      `expected values for ${here} in ${path}, as this search finds them; those of ${optimizer} are for ${subject(entry)}`,
    );
  }
}

function entriesIn(file: URL): ReturnType<typeof readTunedFile> {
  try {
    return readTunedFile(file);
  } catch (error) {
    const problem = `expected tuned values of optimizers in ${fileURLToPath(file)}, or no such file: ${describe(error)}`;
    throw new RunFolderError(problem, { cause: error });
  }
}

type Subject = Pick<TunedEntry, "task" | "taskOptions">;

function subjectOf(configuration: SearchConfiguration): Subject {
  const options = settingsOf(configuration).filter(({ scope }) => scope === "task");
  return { task: configuration.task, taskOptions: Object.fromEntries(options.map(({ key, value }) => [key, value])) };
}

const subject = ({ task, taskOptions }: Subject): string => {
  const options = Object.entries(taskOptions).map(([key, value]) => `${key}=${value}`);
  return options.length === 0 ? task : `${task} with ${options.sort().join(" ")}`;
};

const describe = (error: unknown): string =>
  error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : `${error}`;

/**
 * Puts the values found beside the task, in place of earlier ones of the same optimizer.
 * @returns the file, and what was there before, in words. @throws RunFolderError as checkFile does, or if the system refuses.
 */
export function saveTuned(
  { configuration, tuned, comparison, provenance }: SearchResult,
  file: URL = tunedFile(configuration.task),
): string {
  const path = fileURLToPath(file);
  checkFile(file, configuration);
  const { mean, std, n, diverged } = comparison.rows.find(({ name }) => name === "tuned") as SearchResult["comparison"]["rows"][number];
  const entry: TunedEntry = {
    ...subjectOf(configuration),
    values: tuned,
    score: { mean, std, n, diverged },
    steps: comparison.steps,
    ...provenance,
  };
  const before = readTunedFile(file);
  const all = { ...before, [configuration.optimizer]: entry };
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  attempt(RunFolderError, path, "write", () => writeDurably(path, json(sorted)));
  const earlier = before[configuration.optimizer];
  const scored = earlier?.score.mean == null ? "" : ` with ${formatEstimate(earlier.score)}`;
  const replaced = earlier ? `, in place of values${scored} after ${formatCount(earlier.steps)} steps` : "";
  return `${relative(process.cwd(), path)}${replaced}`;
}
