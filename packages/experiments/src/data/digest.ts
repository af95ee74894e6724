import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** SHA-256 of bytes that come piece by piece. */
export interface Digest {
  update(bytes: Uint8Array): void;
  /** In hexadecimal, lower case. Ends it. */
  hex(): string;
}

export function createDigest(): Digest {
  const hash = sha256.create();
  return { update: (bytes) => void hash.update(bytes), hex: () => bytesToHex(hash.digest()) };
}

/** SHA-256, in hexadecimal, lower case. */
export const digestOf = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));

/** One digest of several: SHA-256 of them as lines of text. `sha256sum FILES | cut -c 1-64 | sha256sum` comes to the same. */
export const digestOfDigests = (digests: readonly string[]): string => digestOf(utf8ToBytes(digests.map((hex) => `${hex}\n`).join("")));
