import { readFileSync, statSync } from "node:fs";
import { constants, gunzipSync } from "node:zlib";
import { attempt } from "../../files.ts";
import { DataError } from "../errors.ts";

/** Deflate packs at most this many bytes into one. */
const greatestRatio = 1032;

/** More than any file here holds. */
const mostBytes = 2 ** 30;

/** Whether bytes are gzip's, whatever the file is called. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * The bytes of a file, unpacked if they are gzip's.
 * @param expectedBytes how many there should be: with as many, they are never in memory twice.
 * @throws DataError if it cannot be read, is a folder, or is gzip's and damaged.
 */
export function readUnpacked(path: string, expectedBytes: number): Uint8Array {
  const bytes = readWhole(path);
  if (!isGzip(bytes)) return bytes;
  // Room for one byte more: zlib then sees the end without another chunk, and has nothing to put together.
  const chunkSize = Math.max(constants.Z_MIN_CHUNK, Math.min(expectedBytes, greatestRatio * bytes.length) + 1);
  try {
    return plain(gunzipSync(bytes, { chunkSize, maxOutputLength: mostBytes }));
  } catch (error) {
    throw new DataError(`${path}: expected a whole gzip file, found a damaged one of ${bytes.length} bytes (${(error as Error).message})`, {
      cause: error,
    });
  }
}

function readWhole(path: string): Uint8Array {
  if (attempt(DataError, path, "read", () => statSync(path)).isDirectory()) throw new DataError(`${path}: expected a file, found a folder`);
  return plain(attempt(DataError, path, "read", () => readFileSync(path)));
}

/** The same bytes without Node's own methods, some of which (`slice`) mean something else. */
const plain = ({ buffer, byteOffset, byteLength }: Buffer): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);
