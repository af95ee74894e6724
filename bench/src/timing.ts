/** Something to be timed, by itself. */
export interface Lane {
  prepare?: (() => unknown) | undefined;
  run(): unknown;
}

/** Time as it passes, or the time that this process had a processor: on a busy machine the second still says what work costs. */
export type Clock = "wall" | "processor";

export interface Pace {
  readonly rounds: number;
  /** Seconds that one lane works in one round, about. */
  readonly secondsPerRound: number;
  readonly clock: Clock;
}

/** Seconds since whenever. */
const now: Readonly<Record<Clock, () => number>> = {
  wall: () => performance.now() / 1000,
  processor: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
};

/** A call that takes longer than this many seconds is timed in few rounds. */
const SLOW = 1;
/** … and one that takes longer than this, once. */
const VERY_SLOW = 8;

/** How often a lane runs in a round, and in how many rounds. Finding out is its warm-up. */
export async function calibrate(
  lane: Lane,
  { rounds, secondsPerRound, clock }: Pace,
): Promise<{ readonly repetitions: number; readonly rounds: number }> {
  await lane.prepare?.();
  let repetitions = 1;
  for (;;) {
    const once = await time(lane, repetitions, clock);
    if (once > VERY_SLOW) return { repetitions: 1, rounds: 1 };
    if (once > SLOW) return { repetitions: 1, rounds: Math.min(rounds, 3) };
    if (once * repetitions >= secondsPerRound) return { repetitions: Math.max(1, Math.round(secondsPerRound / once)), rounds };
    repetitions = Math.max(repetitions + 1, Math.min(repetitions * 4, Math.ceil((1.2 * secondsPerRound) / once)));
  }
}

/** Seconds for one repetition, averaged over several. */
export async function time({ run }: Lane, repetitions: number, clock: Clock): Promise<number> {
  const start = now[clock]();
  for (let i = 0; i < repetitions; i++) {
    const pending = run();
    // Only who answers later pays for waiting.
    if (pending instanceof Promise) await pending;
  }
  return (now[clock]() - start) / repetitions;
}
