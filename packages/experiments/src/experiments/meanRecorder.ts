/** What a mean has come to. */
export interface MeanState {
  readonly sum: number;
  readonly count: number;
}

/** A mean that grows. */
export interface MeanRecorder {
  add(value: number): void;
  readonly count: number;
  /** null before there is a value. */
  readonly mean: number | null;
  readonly state: MeanState;
}

const empty: MeanState = { sum: 0, count: 0 };

/** Goes on from a state of another. */
export function meanRecorder(from: MeanState = empty): MeanRecorder {
  let { sum, count } = from;
  return {
    add(value) {
      sum += value;
      count++;
    },
    get count() {
      return count;
    },
    get mean() {
      return count === 0 ? null : sum / count;
    },
    get state() {
      return { sum, count };
    },
  };
}
