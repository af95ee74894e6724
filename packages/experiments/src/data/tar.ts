import { DataError } from "./errors.ts";

/** A regular file in an archive. Its content must be read before the next file is asked for; what is left of it is then passed over. */
export interface TarFile {
  readonly name: string;
  readonly bytes: number;
  readonly content: AsyncIterable<Uint8Array>;
}

/** From one byte to `atMost` of a source; none at its end. */
type Take = (atMost: number) => Promise<Uint8Array>;

const blockBytes = 512;

/**
 * The regular files of a tar archive (POSIX ustar), in turn, while it comes; folders, links and extensions are passed over. Reads its source to the end.
 * @param archive what errors call it.
 * @throws DataError if a header's checksum is wrong, or the archive ends within a file.
 */
export async function* tarFiles(source: AsyncIterable<Uint8Array>, archive: string): AsyncGenerator<TarFile> {
  const chunks = source[Symbol.asyncIterator]();
  const take = takeFrom(chunks);
  try {
    for (let block = await header(take, archive); block !== null; block = await header(take, archive)) {
      const { name, bytes, isRegular } = parseHeader(block, archive);
      const content = piecesOf(take, bytes, `${archive}: ${name}`);
      if (isRegular) yield { name, bytes, content };
      for await (const _ of content);
      const padding = (blockBytes - (bytes % blockBytes)) % blockBytes;
      for await (const _ of piecesOf(take, padding, `${archive}: what follows ${name}`));
    }
    while ((await take(blockBytes)).length > 0);
  } finally {
    await chunks.return?.();
  }
}

function takeFrom(chunks: AsyncIterator<Uint8Array>): Take {
  let held: Uint8Array = new Uint8Array(0);
  return async (atMost) => {
    while (held.length === 0) {
      const { done, value } = await chunks.next();
      if (done) return held;
      held = value;
    }
    const taken = held.subarray(0, atMost);
    held = held.subarray(taken.length);
    return taken;
  };
}

/** The next `bytes` bytes. @throws DataError if the archive ends before. */
async function* piecesOf(take: Take, bytes: number, what: string): AsyncGenerator<Uint8Array> {
  for (let left = bytes; left > 0; ) {
    const taken = await take(left);
    if (taken.length === 0) throw new DataError(`${what}: expected ${bytes} bytes, found the archive's end after ${bytes - left}`);
    left -= taken.length;
    yield taken;
  }
}

/** The next header; null at the end of the archive, which is a block of zeros or the end of the bytes. */
async function header(take: Take, archive: string): Promise<Uint8Array | null> {
  const block = new Uint8Array(blockBytes);
  for (let at = 0; at < blockBytes; ) {
    const taken = await take(blockBytes - at);
    if (taken.length === 0 && at === 0) return null;
    if (taken.length === 0)
      throw new DataError(`${archive}: expected a header of ${blockBytes} bytes, found the archive's end after ${at}`);
    block.set(taken, at);
    at += taken.length;
  }
  return block.some((byte) => byte !== 0) ? block : null;
}

function parseHeader(block: Uint8Array, archive: string): { readonly name: string; readonly bytes: number; readonly isRegular: boolean } {
  const text = (from: number, to: number): string => {
    const field = block.subarray(from, to);
    const end = field.indexOf(0);
    return String.fromCharCode(...(end === -1 ? field : field.subarray(0, end)));
  };
  const octal = (from: number, to: number): number => Number.parseInt(text(from, to).trim() || "0", 8);
  // The checksum is of the header with spaces in the checksum's place.
  const sum = block.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  const bytes = octal(124, 136);
  if (octal(148, 156) !== sum || !Number.isSafeInteger(bytes))
    throw new DataError(`${archive}: expected a tar archive, found a header with checksum ${octal(148, 156)} for ${sum}`);
  const prefix = text(257, 262) === "ustar" ? text(345, 500) : "";
  const type = text(156, 157);
  return { name: prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`, bytes, isRegular: type === "" || type === "0" };
}
