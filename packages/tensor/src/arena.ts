import type { Data, DType } from "./dtype.ts";
import { dtypeOf } from "./dtype.ts";
import { ShapeError } from "./errors.ts";

/** The right to one stretch of pooled memory, for one tenancy: it ends with its arena, and with it every tensor that stands there. */
export interface Lease {
  alive: boolean;
}

/** Whatever stands on memory. */
export interface Tenant {
  readonly memory: Data;
}

/** One run of an arena, and what was allocated in it. */
interface Scope {
  readonly pool: Pool;
  readonly allocated: Set<Data>;
  /** The run around this one. */
  readonly outer: Scope | null;
}

type Pool = Record<DType, Map<number, Data[]>>;

let current: Scope | null = null;

const leases = new WeakMap<Data, Lease>();

/** The present lease of memory that came from an arena; none for memory that the garbage collector keeps. */
export const leaseOf = (data: Data): Lease | undefined => leases.get(data);

/**
 * Flat memory for `size` numbers. Inside an arena it comes from the pool and holds whatever was there before: a kernel writes every
 * element it returns.
 * @throws ShapeError if there is no room for it.
 */
export function allocate(dtype: DType, size: number): Data {
  const data = current?.pool[dtype].get(size)?.pop() ?? fresh(dtype, size);
  if (current) {
    current.allocated.add(data);
    leases.set(data, { alive: true });
  }
  return data;
}

function fresh(dtype: DType, size: number): Data {
  try {
    return dtype === "float64" ? new Float64Array(size) : new Float32Array(size);
  } catch {
    const bytes = size * (dtype === "float64" ? 8 : 4);
    throw new ShapeError("allocate", `there is no room for ${size} numbers of ${dtype}, which are ${bytes} bytes`);
  }
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
}

export function createArena(): Arena {
  const pool: Pool = { float64: new Map(), float32: new Map() };

  const recycle = (data: Data): void => {
    (leases.get(data) as Lease).alive = false;
    const shelf = pool[dtypeOf(data)];
    const free = shelf.get(data.length);
    if (free) free.push(data);
    else shelf.set(data.length, [data]);
  };

  /** Takes back all memory but that under the promoted, which passes to the scope outside, as if taken there. */
  const close = ({ allocated, outer }: Scope, promoted: Iterable<Tenant>, consumed: Iterable<Tenant>): void => {
    const kept = new Set(Array.from(promoted, ({ memory }) => memory));
    const returned = new Set(allocated);
    for (const { memory } of consumed) {
      if (!leases.get(memory)?.alive) continue;
      returned.add(memory);
      for (let owner = outer; owner; owner = owner.outer) owner.allocated.delete(memory);
    }
    for (const data of returned) {
      if (!kept.has(data)) recycle(data);
      else outer?.allocated.add(data);
    }
  };

  return {
    run(step, tensorsIn, consumed = []) {
      const outer = current;
      const scope: Scope = { pool, allocated: new Set(), outer };
      current = scope;
      try {
        const result = step();
        close(scope, tensorsIn(result), consumed);
        return result;
      } catch (error) {
        close(scope, [], []);
        throw error;
      } finally {
        current = outer;
      }
    },
    get pooledBytes() {
      let bytes = 0;
      for (const shelf of Object.values(pool)) for (const free of shelf.values()) for (const data of free) bytes += data.byteLength;
      return bytes;
    },
  };
}
