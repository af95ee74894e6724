/** Someone who does a piece of work: `run` once is one repetition, on data that is already where it computes. */
export interface Contender {
  readonly name: string;
  run(): void;
}

export interface Workload {
  readonly name: string;
  /** What one repetition is worth, in the unit below: floating-point operations, steps. */
  readonly work: number;
  readonly unit: string;
  /** Ours first. */
  readonly contenders: readonly Contender[];
  /** Throws if the contenders disagree. */
  check(): void;
}

export interface Timing {
  readonly workload: string;
  readonly contender: string;
  /** Seconds for one repetition: median, fastest and slowest round. */
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** `work` a second at the median. */
  readonly rate: number;
  readonly unit: string;
  /** This contender's median time over ours: above 1, ours is faster. */
  readonly ratio: number;
}

export interface ContestOptions {
  readonly rounds: number;
  /** Seconds that one contender works in one round, about. */
  readonly secondsPerRound: number;
}

/** Checks that the contenders agree, warms them up, and times them in turns, so that a drift of the machine meets all alike. */
export function contest({ name, work, unit, contenders, check }: Workload, { rounds, secondsPerRound }: ContestOptions): readonly Timing[] {
  check();
  const repetitions = contenders.map((c) => calibrate(c, secondsPerRound));
  const seconds = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, c] of contenders.entries()) (seconds[i] as number[]).push(time(c, repetitions[i] as number));
  }
  const medians = seconds.map(median);
  return contenders.map((c, i) => {
    const times = seconds[i] as number[];
    const m = medians[i] as number;
    const ratio = m / (medians[0] as number);
    return { workload: name, contender: c.name, median: m, min: Math.min(...times), max: Math.max(...times), rate: work / m, unit, ratio };
  });
}

/** How many repetitions fill a round; finding out is the warm-up. */
function calibrate(contender: Contender, seconds: number): number {
  let repetitions = 1;
  for (;;) {
    const once = time(contender, repetitions);
    if (once * repetitions >= seconds) return Math.max(1, Math.round(seconds / once));
    repetitions = Math.max(repetitions + 1, Math.min(repetitions * 4, Math.ceil((1.2 * seconds) / once)));
  }
}

/** Seconds for one repetition, averaged over several. */
function time({ run }: Contender, repetitions: number): number {
  const start = performance.now();
  for (let i = 0; i < repetitions; i++) run();
  return (performance.now() - start) / 1000 / repetitions;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
