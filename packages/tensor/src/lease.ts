/** Whatever numbers lie in, by identity: a typed array, or memory on a device. */
export type Memory = object;

/** A stretch of memory that is lent out again and again. With each tenancy ends a generation, and with it every tensor that stands there. */
export interface Lease {
  readonly memory: Memory;
  generation: number;
  /** Hands the memory on: to a pool, or back to its device. */
  readonly release: () => void;
}

const leases = new WeakMap<Memory, Lease>();

/** The lease of memory that is lent; none for memory that the garbage collector keeps. */
export const leaseOf = (memory: Memory): Lease | undefined => leases.get(memory);

export function lend(memory: Memory, release: (lease: Lease) => void): Lease {
  const lease: Lease = { memory, generation: 0, release: () => release(lease) };
  leases.set(memory, lease);
  return lease;
}
