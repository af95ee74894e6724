// Scratch that threads do not share: each has a region of its own, and where a call names a place in the first, it means the same place in its own.

/** Of an instance, not of the memory: each thread has one. */
let shift: usize = 0;

/** From the first region to this thread's, in bytes. */
export function setShift(bytes: usize): void {
  shift = bytes;
}

// @ts-ignore: decorator
@inline
export function own(at: usize): usize {
  return at + shift;
}
