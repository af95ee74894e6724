/** Takes the running time of a job. */
export interface JobClock {
  /** Running time so far, in seconds. */
  seconds(): number;
  /** Runs `f` off the clock. */
  untimed<T>(f: () => T): T;
  /** Counts what the job has run before, in seconds. */
  add(seconds: number): void;
}

/** Begins at once. */
export function jobClock(): JobClock {
  let from = performance.now();
  return {
    seconds: () => (performance.now() - from) / 1000,
    untimed(f) {
      const before = performance.now();
      try {
        return f();
      } finally {
        from += performance.now() - before;
      }
    },
    add(seconds) {
      from -= 1000 * seconds;
    },
  };
}
