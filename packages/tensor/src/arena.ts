import type { Data, DType } from "./dtype.ts";
import { dtypeOf } from "./dtype.ts";

/** What an arena must be able to do with a tensor: see its memory, and end its life. */
export interface Mortal {
  readonly memory: Data;
  kill(): void;
}

/** One run of an arena: what was allocated in it and who lives on that memory. */
interface Scope {
  readonly pool: Pool;
  readonly allocated: Set<Data>;
  readonly inhabitants: Mortal[];
  readonly outer: Scope | null;
}

type Pool = Record<DType, Map<number, Data[]>>;

let current: Scope | null = null;

/**
 * Flat memory for `size` numbers. Inside an arena it comes from the pool and holds whatever was there before: a kernel writes every
 * element it returns.
 */
export function allocate(dtype: DType, size: number): Data {
  const data = current?.pool[dtype].get(size)?.pop() ?? (dtype === "float64" ? new Float64Array(size) : new Float32Array(size));
  current?.allocated.add(data);
  return data;
}

/** Every tensor announces itself here when it is made, so that the arena can end its life. */
export function inhabit(tensor: Mortal): void {
  current?.inhabitants.push(tensor);
}

/** Reuses memory from one step of a loop to the next. Tensors outside an arena are ordinary garbage-collected values. */
export interface Arena {
  /**
   * Runs `step` and returns what it returns. Every tensor made inside dies at its end, except those that `promoted` finds in the result;
   * with them lives only the memory they stand on. `consumed` tensors (the state that the step replaces) die too, unless promoted.
   * A dead tensor throws a ScopeError when it is touched. If `step` throws, nothing is consumed.
   */
  run<T>(step: () => T, tensorsIn: (result: T) => Iterable<Mortal>, consumed?: Iterable<Mortal>): T;
  /** Bytes waiting for reuse. */
  readonly pooledBytes: number;
}

export function createArena(): Arena {
  const pool: Pool = { float64: new Map(), float32: new Map() };

  const recycle = (data: Data): void => {
    const shelf = pool[dtypeOf(data)];
    const free = shelf.get(data.length);
    if (free) free.push(data);
    else shelf.set(data.length, [data]);
  };

  /** Ends every life but the promoted; what the promoted stand on passes to the scope outside, as if made there. */
  const close = (scope: Scope, promoted: ReadonlySet<Mortal>, consumed: Iterable<Mortal>): void => {
    const { outer } = scope;
    const kept = new Set<Data>();
    for (const t of promoted) kept.add(t.memory);
    const dying = new Set(scope.allocated);
    for (const t of consumed) {
      dying.add(t.memory);
      for (let owner = scope.outer; owner; owner = owner.outer) owner.allocated.delete(t.memory);
      if (!promoted.has(t)) t.kill();
    }
    for (const t of scope.inhabitants) {
      if (!promoted.has(t)) t.kill();
      else outer?.inhabitants.push(t);
    }
    for (const data of dying) {
      if (!kept.has(data)) recycle(data);
      else outer?.allocated.add(data);
    }
  };

  return {
    run(step, tensorsIn, consumed = []) {
      const outer = current;
      const scope: Scope = { pool, allocated: new Set(), inhabitants: [], outer };
      current = scope;
      try {
        const result = step();
        close(scope, new Set(tensorsIn(result)), consumed);
        return result;
      } catch (error) {
        close(scope, new Set(), []);
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
