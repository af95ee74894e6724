/**
 * What the threads of a crew share besides the memory that they compute in. `control` is an Int32Array with the entries named here; `job` says what is to be
 * done: a function of the module, by its place in a list of names, its arguments, and the bounds of the ranges to call it on.
 *
 * A range is claimed by raising `claimed` by one compare-and-exchange. No thread can claim one while the next job is being written, for then all are
 * claimed, and that job is not written before all are done; so a claimed range is always one of the job that stands there.
 */
export const CONTROL = {
  /** Counts jobs: a change wakes the threads. */
  jobs: 0,
  /** Ranges of this job · 2¹⁶ + how many are claimed. */
  claimed: 1,
  /** How many of them are done. */
  done: 2,
  /** How many threads have gone to sleep, and must be woken. */
  asleep: 3,
  /** Not 0 once a range of this job has failed on a thread. */
  failed: 4,
  length: 5,
} as const;

/** How many ranges a job has at most: what half of a 32-bit number holds, but for the sign. */
export const MAX_RANGES: number = 2 ** 15 - 1;

/** Where the numbers of a job stand; the arguments begin at `args`, and after them the bounds. */
export const JOB = {
  function: 0,
  /** Which of the arguments are the range: this one and the next. */
  place: 1,
  /** How many arguments there are. */
  count: 2,
  args: 3,
} as const;

/** What a thread is started with. */
export interface Start {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: Int32Array;
  readonly job: Float64Array;
  readonly layout: { readonly control: typeof CONTROL; readonly job: typeof JOB };
  /** The functions that jobs name by their place in this list. */
  readonly names: readonly string[];
  /** From the first thread's own region to this one's, in bytes: see assembly/own.ts. */
  readonly shift: number;
}
