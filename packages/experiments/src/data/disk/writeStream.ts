import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { createDigest } from "../digest.ts";
import { DataError } from "../errors.ts";

export interface WriteOptions {
  /** More bytes than this are not what was wanted. */
  readonly atMost: number;
  /** Called with the bytes on the disk so far. */
  readonly onProgress: (bytes: number) => void;
}

/**
 * Writes bytes into a new file while they come; returns, once they are on the disk, how many they were and their SHA-256.
 * @throws DataError as soon as there are too many.
 */
export async function writeStream(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  { atMost, onProgress }: WriteOptions,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const digest = createDigest();
  let bytes = 0;
  const file = openSync(path, "w");
  try {
    for await (const chunk of chunks) {
      if (bytes + chunk.length > atMost) throw new DataError(`expected ${atMost} bytes, unpacked, found more`);
      for (let written = 0; written < chunk.length; ) written += writeSync(file, chunk, written);
      digest.update(chunk);
      bytes += chunk.length;
      onProgress(bytes);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return { bytes, sha256: digest.hex() };
}
