/** A mean that grows. */
export interface MeanRecorder {
  add(value: number): void;
  readonly count: number;
  /** null before there is a value. */
  readonly mean: number | null;
}

export function meanRecorder(): MeanRecorder {
  let [sum, count] = [0, 0];
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
  };
}
