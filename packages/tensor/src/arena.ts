import type { Data, DType } from "./dtype.ts";
import { ShapeError } from "./errors.ts";
import { activeBackend, type Heap } from "./kernel.ts";
import { type Lease, leaseOf, lend, type Memory } from "./lease.ts";

/** Whatever stands on memory. */
export interface Tenant {
  readonly memory: Memory;
}

/** One run of an arena, and what was allocated in it. */
interface Scope {
  readonly pool: Pool;
  readonly allocated: Set<Lease>;
  /** The run around this one. */
  readonly outer: Scope | null;
}

/** Memory waiting for reuse, by dtype and size. */
type Pool = Record<DType, Map<number, Lease[]>>;

let current: Scope | null = null;

/**
 * Flat memory for `size` numbers. Inside an arena it comes from the pool and holds whatever was there before: a kernel writes every
 * element it returns.
 * @throws ShapeError if there is no room for it, BackendError if there is none on the active backend's heap.
 */
export function allocate(dtype: DType, size: number): Data {
  if (!current) return fresh(dtype, size);
  const shelf = shelfFor(current.pool, dtype, size);
  const lease = shelf.pop() ?? lendFresh(current.pool, shelf, dtype, size);
  current.allocated.add(lease);
  return lease.memory as Data;
}

function shelfFor(pool: Pool, dtype: DType, size: number): Lease[] {
  let shelf = pool[dtype].get(size);
  if (!shelf) {
    shelf = [];
    pool[dtype].set(size, shelf);
  }
  return shelf;
}

const heaps = new WeakMap<Memory, Heap>();

function lendFresh(pool: Pool, shelf: Lease[], dtype: DType, size: number): Lease {
  const heap = activeBackend()?.heap;
  const memory = heap ? heap.allocate(dtype, size) : fresh(dtype, size);
  if (heap) heaps.set(memory, heap);
  return lend(memory, (lease) => {
    if (pool[dtype].get(size) === shelf) shelf.push(lease);
    else heap?.free(memory);
  });
}

function fresh(dtype: DType, size: number): Data {
  try {
    return dtype === "float64" ? new Float64Array(size) : new Float32Array(size);
  } catch {
    const bytes = size * (dtype === "float64" ? 8 : 4);
    throw new ShapeError("allocate", `there is no room for ${size} numbers of ${dtype}, which are ${bytes} bytes`);
  }
}

/**
 * Hands memory that a backend made itself over to the running arena, which ends its life as it ends that of its own: then `release` is
 * called. Outside an arena nothing happens, and the memory lives until the garbage collector finds it.
 */
export function adopt(memory: Memory, release: () => void): void {
  current?.allocated.add(lend(memory, release));
}

/** Reuses memory from one step of a loop to the next. Tensors outside an arena are ordinary garbage-collected values. */
export interface Arena {
  /**
   * Runs `step` and returns what it returns. Memory taken inside goes back to the pool at its end, except where the tensors found in its result
   * stand. So does pooled memory of `consumed` tensors (the state that the step replaces); memory that never came from an
   * arena is left to the garbage collector. Every tensor on memory that went back, a view as much as the first, throws a ScopeError when it
   * is touched. If `step` throws, nothing is consumed.
   */
  run<T>(step: () => T, tensorsIn: (result: T) => Iterable<Tenant>, consumed?: Iterable<Tenant>): T;
  /** Bytes waiting for reuse. */
  readonly pooledBytes: number;
  /** Gives what waits for reuse back to the heap that it came from, and what lives on as soon as its life ends. The arena can be used again. */
  close(): void;
}

export function createArena(): Arena {
  const pool: Pool = { float64: new Map(), float32: new Map() };
  return {
    run: (step, tensorsIn, consumed = []) => runIn(pool, step, tensorsIn, consumed),
    get pooledBytes() {
      let bytes = 0;
      for (const { memory } of waiting(pool)) bytes += (memory as Data).byteLength;
      return bytes;
    },
    close() {
      for (const { memory } of waiting(pool)) heaps.get(memory)?.free(memory as Data);
      for (const shelves of Object.values(pool)) shelves.clear();
    },
  };
}

/**
 * A run inside the running arena, on its pool: what `step` takes and does not return serves whatever follows in the run around it. Outside an arena
 * `step` merely runs. @internal
 */
export const runNested: Arena["run"] = (step, tensorsIn, consumed = []) =>
  current ? runIn(current.pool, step, tensorsIn, consumed) : step();

function runIn<T>(pool: Pool, step: () => T, tensorsIn: (result: T) => Iterable<Tenant>, consumed: Iterable<Tenant>): T {
  const outer = current;
  const scope: Scope = { pool, allocated: new Set(), outer };
  current = scope;
  try {
    const result = step();
    end(scope, tensorsIn(result), consumed);
    return result;
  } catch (error) {
    end(scope, [], []);
    throw error;
  } finally {
    current = outer;
  }
}

/** Takes back all memory but that under the promoted, which passes to the scope outside, as if taken there. */
function end({ allocated, outer }: Scope, promoted: Iterable<Tenant>, consumed: Iterable<Tenant>): void {
  const kept = new Set<Memory>();
  for (const { memory } of promoted) kept.add(memory);
  for (const { memory } of consumed) {
    const lease = leaseOf(memory);
    if (!lease) continue;
    allocated.add(lease);
    for (let owner = outer; owner; owner = owner.outer) owner.allocated.delete(lease);
  }
  for (const lease of allocated) {
    if (!kept.has(lease.memory)) recycle(lease);
    else outer?.allocated.add(lease);
  }
}

function recycle(lease: Lease): void {
  lease.generation++;
  lease.release();
}

function* waiting(pool: Pool): Iterable<Lease> {
  for (const shelves of Object.values(pool)) for (const shelf of shelves.values()) yield* shelf;
}
