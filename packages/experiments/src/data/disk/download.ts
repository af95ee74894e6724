import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { isGzip } from "./readUnpacked.ts";

/** The web's `fetch`, or what stands for it. */
export type Fetch = (address: string, init: { readonly signal?: AbortSignal }) => Promise<Response>;

/**
 * The bytes at an address, while they come.
 * @throws Error saying why there are none.
 */
export async function* download(address: string, get: Fetch, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const response = await get(address, signal ? { signal } : {});
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`HTTP ${response.status} ${response.statusText}`.trim());
  }
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (let { done, value } = await reader.read(); !done && value; { done, value } = await reader.read()) yield value;
  } finally {
    // Of a stream that has failed, this repeats the failure, which is on its way already.
    await reader.cancel().catch(() => {});
  }
}

/** Bytes unpacked, if they are gzip's; else as they are. */
export async function* unpacked(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const whole = await withStart(chunks, 2);
  if (!isGzip(whole.start)) return yield* whole.chunks;
  const packed = Readable.from(whole.chunks);
  const unzip = createGunzip();
  packed.on("error", (error) => unzip.destroy(error));
  packed.pipe(unzip);
  try {
    yield* unzip as AsyncIterable<Uint8Array>;
  } finally {
    packed.destroy();
  }
}

/** The same chunks, the first of which has at least `bytes` bytes if there are so many. */
async function withStart(
  chunks: AsyncGenerator<Uint8Array>,
  bytes: number,
): Promise<{ readonly start: Uint8Array; readonly chunks: AsyncGenerator<Uint8Array> }> {
  let start: Uint8Array = new Uint8Array(0);
  while (start.length < bytes) {
    const { done, value } = await chunks.next();
    if (done) break;
    start = start.length === 0 ? value : Buffer.concat([start, value]);
  }
  return { start, chunks: startingWith(start, chunks) };
}

async function* startingWith(start: Uint8Array, chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (start.length > 0) yield start;
  yield* chunks;
}

/** Why a download failed, in the system's words: `fetch` itself only says that it did. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message || (cause as NodeJS.ErrnoException).code}` : message;
}
