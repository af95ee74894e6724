import { ArgumentError, BackendError, type Data, type DType, type Heap } from "@lodo/tensor";

/** Blocks start at multiples of this: a cache line. */
const ALIGNMENT = 64;
/** Kernels may read this far beyond the end of an array: a vector, or what is left of a tile. */
const SLACK = 64;

const roundUp = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** Scratch of a thread's own, in a crew: an image with its border, or a block of a matrix. */
export const OWN_BYTES: number = 2 ** 22;

/**
 * One WebAssembly memory of fixed size. Arrays grow from its bottom, scratch for the length of a kernel's call from its top, as heap and stack do in a
 * process. Pages that nothing has touched take no room on the machine.
 */
export class WasmHeap implements Heap {
  readonly memory: WebAssembly.Memory;
  readonly buffer: ArrayBufferLike;
  /** Where the highest block ends. */
  #break: number = ALIGNMENT;
  /** Where scratch begins. */
  #top: number;
  /** Free blocks below the break by address, and their lengths; no two touch. */
  readonly #free: Map<number, number> = new Map();
  readonly #lengths: Map<number, number> = new Map();
  readonly #forgotten: FinalizationRegistry<number> = new FinalizationRegistry((at) => this.#release(at));

  /** Where the first thread's own region begins, and how much of it is taken; none has one where there is but one thread. */
  readonly #own: number;
  #ownTaken: number = 0;

  constructor(memory: WebAssembly.Memory, threads = 1) {
    this.memory = memory;
    this.buffer = memory.buffer;
    this.#own = memory.buffer.byteLength - (threads === 1 ? 0 : threads * OWN_BYTES);
    this.#top = this.#own;
  }

  /** Bytes between the bottom and the break. */
  get extent(): number {
    return this.#break;
  }

  get capacity(): number {
    return this.buffer.byteLength;
  }

  allocate(dtype: DType, size: number): Data {
    const at = this.reserve(size * (dtype === "float64" ? 8 : 4));
    const data = dtype === "float64" ? new Float64Array(this.buffer, at, size) : new Float32Array(this.buffer, at, size);
    this.#forgotten.register(data, at, data);
    return data;
  }

  /** @throws ArgumentError unless `allocate` handed it out and it was not freed since. */
  free(data: Data): void {
    if (data.buffer !== this.buffer || !this.#lengths.has(data.byteOffset))
      throw new ArgumentError("simd", "free: expected memory that this heap handed out and that was not freed since");
    this.#forgotten.unregister(data);
    this.#release(data.byteOffset);
  }

  /** The address of a new block. @throws BackendError if there is no room. */
  reserve(bytes: number): number {
    const length = roundUp(bytes + SLACK);
    for (const [at, room] of this.#free) {
      if (room < length) continue;
      this.#free.delete(at);
      if (room > length) this.#free.set(at + length, room - length);
      this.#lengths.set(at, length);
      return at;
    }
    const at = this.#break;
    if (at + length > this.#top) throw this.#full(bytes);
    this.#break = at + length;
    this.#lengths.set(at, length);
    return at;
  }

  #release(at: number): void {
    let length = this.#lengths.get(at) as number;
    this.#lengths.delete(at);
    let start = at;
    for (const [other, room] of this.#free) {
      if (other + room === start) {
        start = other;
        length += room;
        this.#free.delete(other);
      } else if (other === start + length) {
        length += room;
        this.#free.delete(other);
      }
    }
    if (start + length === this.#break) this.#break = start;
    else this.#free.set(start, length);
  }

  /** The scratch pointer, to be handed to `leave`. */
  enter(): number {
    return this.#top;
  }

  /** Scratch until `leave`. @throws BackendError if there is no room. */
  scratch(bytes: number): number {
    const at = this.#top - roundUp(bytes + SLACK);
    if (at < this.#break) throw this.#full(bytes);
    this.#top = at;
    return at;
  }

  /** Scratch until `leave` in every thread's own region, at the same place; null if it has no such room. */
  ownScratch(bytes: number): number | null {
    const length = roundUp(bytes + SLACK);
    if (this.#own === this.buffer.byteLength || this.#ownTaken + length > OWN_BYTES) return null;
    this.#ownTaken += length;
    return this.#own + this.#ownTaken - length;
  }

  leave(top: number): void {
    this.#top = top;
    if (top === this.#own) this.#ownTaken = 0;
  }

  #full(bytes: number): BackendError {
    const MiB = (n: number): string => `${(n / 2 ** 20).toFixed(1)} MiB`;
    const total = this.buffer.byteLength;
    return new BackendError(
      "simd",
      `no room for ${MiB(bytes)}: ${MiB(this.#break)} of its ${MiB(total)} are taken; give it more (memory), or compute in smaller batches`,
    );
  }
}
