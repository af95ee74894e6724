import type { Data } from "@lodo/tensor";
import type { WasmHeap } from "./heap.ts";
import type { Machine } from "./machine.ts";

/** Lists of indices on the heap, end to end. */
export interface Indices {
  readonly at: number;
  /** Each list is 0 … length − 1 in some order. */
  readonly arePermutations: boolean;
}

interface Copy extends Indices {
  readonly memory: Data;
  readonly bytes: number;
  lastUse: number;
}

/** What copies may take: this part of the heap, and so many bytes. */
const SHARE = 1 / 8;
const MAXIMUM_BYTES = 2 ** 26;

/**
 * Copies of lists of indices that live in ordinary memory and never change: the fixed permutations of a chain. Kept by identity of `key`; the least
 * recently used leave first.
 */
export class IndexCache {
  readonly #heap: WasmHeap;
  readonly #capacity: number;
  readonly #copies: Map<object, Copy> = new Map();
  #bytes = 0;
  #uses = 0;

  constructor(heap: WasmHeap) {
    this.#heap = heap;
    this.#capacity = Math.min(MAXIMUM_BYTES, heap.buffer.byteLength * SHARE);
  }

  /** Null where the lists are too long to keep. The copy stays in place until others have been asked for. */
  get(key: object, lists: readonly Int32Array[]): Indices | null {
    const copy = this.#copies.get(key) ?? this.#store(key, lists);
    if (copy) copy.lastUse = ++this.#uses;
    return copy;
  }

  #store(key: object, lists: readonly Int32Array[]): Copy | null {
    const size = lists.reduce((total, { length }) => total + length, 0);
    const bytes = size * Int32Array.BYTES_PER_ELEMENT;
    if (bytes > this.#capacity) return null;
    while (this.#bytes + bytes > this.#capacity) this.#forgetOldest();
    const memory = this.#heap.allocate("float32", size);
    let at = memory.byteOffset;
    for (const list of lists) {
      new Int32Array(this.#heap.buffer, at, list.length).set(list);
      at += list.byteLength;
    }
    const copy = { memory, bytes, lastUse: 0, at: memory.byteOffset, arePermutations: lists.every(isPermutation) };
    this.#copies.set(key, copy);
    this.#bytes += bytes;
    return copy;
  }

  #forgetOldest(): void {
    const [key, { memory, bytes }] = [...this.#copies].reduce((a, b) => (a[1].lastUse < b[1].lastUse ? a : b));
    this.#copies.delete(key);
    this.#heap.free(memory);
    this.#bytes -= bytes;
  }
}

function isPermutation(list: Int32Array): boolean {
  const seen = new Uint8Array(list.length);
  for (const i of list) if (i >= 0 && i < seen.length) seen[i] = 1;
  return !seen.includes(0);
}

const caches = new WeakMap<Machine, IndexCache>();

/** The cache that all kernels of a machine share. */
export function indexCache(machine: Machine): IndexCache {
  let cache = caches.get(machine);
  if (!cache) {
    cache = new IndexCache(machine.heap);
    caches.set(machine, cache);
  }
  return cache;
}
