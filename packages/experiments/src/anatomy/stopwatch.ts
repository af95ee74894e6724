/** What a step of LODO is made of, in the order of Algorithm 1. */
export const stepParts = ["task", "product", "pullBack", "metaOptimizer"] as const;
export type StepPart = (typeof stepParts)[number];

/** Seconds in each part of a step. */
export type PartSeconds = Readonly<Record<StepPart, number>>;

/** Adds up the time that parts of a step take. */
export interface Stopwatch {
  time<T>(part: StepPart, f: () => T): T;
  /** What was added up since the last time that somebody asked. */
  take(): PartSeconds;
}

const nothing: PartSeconds = { task: 0, product: 0, pullBack: 0, metaOptimizer: 0 };

/** By a clock in milliseconds. */
export function stopwatch(now: () => number): Stopwatch {
  let spent = { ...nothing };
  return {
    time(part, f) {
      const began = now();
      const result = f();
      spent[part] += (now() - began) / 1000;
      return result;
    },
    take() {
      const taken = spent;
      spent = { ...nothing };
      return taken;
    },
  };
}
