import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, statSync, truncateSync } from "node:fs";
import { dirname } from "node:path";
import { attempt } from "../files.ts";
import { syncFolder } from "./durable.ts";
import { RunFolderError } from "./errors.ts";

/** A file of JSON values, a line each, that a run adds to. A checkpoint knows how long it was. */
export interface Lines {
  readonly bytes: number;
  add(value: unknown): void;
  /** Puts what was added on the disk. */
  sync(): void;
  close(): void;
}

/** Goes on at the end of the file; where there is none, it is made with the first line. */
export function openLines(file: string): Lines {
  let bytes = lengthOf(file) ?? 0;
  let opened: number | null = null;
  const open = (): number => {
    const isNew = !existsSync(file);
    const descriptor = openSync(file, "a");
    if (isNew) syncFolder(dirname(file));
    return descriptor;
  };
  return {
    get bytes() {
      return bytes;
    },
    add: (value) =>
      attempt(RunFolderError, file, "write", () => {
        opened ??= open();
        const line = `${JSON.stringify(value)}\n`;
        appendFileSync(opened, line);
        bytes += Buffer.byteLength(line);
      }),
    sync: () =>
      attempt(RunFolderError, file, "write", () => {
        if (opened !== null) fsyncSync(opened);
      }),
    close() {
      if (opened !== null) closeSync(opened);
    },
  };
}

const lengthOf = (file: string): number | null => statSync(file, { throwIfNoEntry: false })?.size ?? null;

/** @throws RunFolderError unless the file has at least the bytes that a checkpoint counts. */
export function checkLength(file: string, bytes: number, counter: string): void {
  const found = lengthOf(file);
  if ((found ?? 0) >= bytes) return;
  throw new RunFolderError(`expected ${file} to have at least the ${bytes} bytes that ${counter} counts, found ${found ?? "no such file"}`);
}

/** Cuts off what was added after a checkpoint. */
export function cutTo(file: string, bytes: number): void {
  if ((lengthOf(file) ?? 0) > bytes) truncateSync(file, bytes);
}
