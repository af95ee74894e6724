import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { attempt } from "../../files.ts";
import { cifar10Room, readCifar10, recordBytes } from "../cifar10.ts";
import type { Dataset } from "../datasets.ts";
import { createDigest } from "../digest.ts";
import { DataError } from "../errors.ts";
import type { LabelledPixels } from "../labelledPixels.ts";
import type { Found } from "./find.ts";
import type { ReadFiles } from "./reader.ts";

/** Images in memory at a time beside those that stay. */
const piece = 1000;

/** Files of records, one after the other. Nothing in such a file says how long it is to be, so it must be as long as the published one. */
export function readCifar10Files({ title }: Dataset, { present }: Found): ReadFiles {
  const room = cifar10Room(present.reduce((n, { file }) => n + Math.floor(file.bytes / recordBytes), 0));
  let at = 0;
  const digests = present.map(({ path, file }) =>
    attempt(DataError, path, "read", () => {
      const open = openSync(path, "r");
      try {
        const stat = fstatSync(open);
        if (stat.isDirectory()) throw new DataError(`${path}: expected a file, found a folder`);
        if (stat.size !== file.bytes)
          throw new DataError(`${path}: expected ${file.bytes} bytes, as ${title}'s ${file.name} has, found ${stat.size}`);
        const { images, sha256 } = readFile(open, path, room, at);
        at += images;
        return sha256;
      } finally {
        closeSync(open);
      }
    }),
  );
  return { ...room, digests };
}

function readFile(open: number, source: string, room: LabelledPixels, at: number): { readonly images: number; readonly sha256: string } {
  const digest = createDigest();
  const buffer = new Uint8Array(piece * recordBytes);
  let first = 0;
  for (let bytes = fill(open, buffer); bytes.length > 0; bytes = fill(open, buffer)) {
    digest.update(bytes);
    first += readCifar10({ source, bytes, first }, room, at + first);
  }
  return { images: first, sha256: digest.hex() };
}

/** The file's next bytes, fewer than the buffer has room for only at its end. */
function fill(open: number, buffer: Uint8Array): Uint8Array {
  let length = 0;
  for (let read = -1; read !== 0 && length < buffer.length; length += read)
    read = readSync(open, buffer, length, buffer.length - length, null);
  return buffer.subarray(0, length);
}
