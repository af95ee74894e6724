/** Memory that a run takes at most, in bytes. */
export interface Footprint {
  /** Of what lies in memory during a step. */
  readonly step: number;
  /** Of the whole process. */
  readonly process: number;
}

/** What Node, the program with its kernels and the images take: measured, as the difference of a run's resident set and the rest, and rounded up. */
const PROGRAM = 320 * 2 ** 20;

/**
 * Copies of the state that lie in memory beside a step: where the run began and the rehearsal of it, which no arena takes back, and a checkpoint as
 * arrays and as the bytes of a file.
 */
const COPIES = 4;

/** Of a run whose steps take so many bytes, on a state of so many. */
export const footprintOf = (step: number, state: number): Footprint => ({ step, process: step + COPIES * state + PROGRAM });
