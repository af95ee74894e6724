import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** The class of error that a kind of folder refuses with. */
export type Refusal = new (message: string, options?: ErrorOptions) => Error;

/** With its parents, each in turn: left to itself, Node 20 tries for ever where a file system (/proc, say) answers that a folder cannot be. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(resolve(path)));
  mkdirSync(path);
}

/** What `f` returns; the operating system's refusals become errors of ours that name the path. */
export function attempt<T>(Refused: Refusal, path: string, what: string, f: () => T): T {
  try {
    return f();
  } catch (error) {
    if (error instanceof Error && "syscall" in error) throw new Refused(`cannot ${what} ${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

export const readText = (Refused: Refusal, file: string): string => attempt(Refused, file, "read", () => readFileSync(file, "utf8"));

/** The value in a JSON file. @throws the error it is told to, if the file cannot be read or is no JSON. */
export function readJson(Refused: Refusal, file: string): unknown {
  const text = readText(Refused, file);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refused(`expected JSON in ${file}, found ${text.length} characters that are none (${(error as Error).message})`);
  }
}

/** A value as a JSON file. */
export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
