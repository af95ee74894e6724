/** Seconds for one repetition over the rounds. */
export interface Seconds {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly rounds: number;
}

export function summary(times: readonly number[]): Seconds {
  return { median: median(times), min: Math.min(...times), max: Math.max(...times), rounds: times.length };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
