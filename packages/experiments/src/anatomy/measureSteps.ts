import { type PartSeconds, type Stopwatch, stepParts } from "./stopwatch.ts";

/** What steps take. */
export interface StepTimes {
  /** Of a whole step, the median. */
  readonly secondsPerStep: number;
  /** Of its parts, the median of each; `other` is what is left of the whole. */
  readonly parts?: PartSeconds & { readonly other: number };
}

export interface Repetitions {
  readonly atLeast: number;
  readonly atMost: number;
  /** Seconds to spend, unless `atLeast` steps alone take longer. */
  readonly budget: number;
}

/**
 * Times steps by a clock in milliseconds, and their parts where there is a stopwatch in them. The first half of the repetitions pays for compilation and is
 * not counted.
 */
export function measureSteps(
  step: () => void,
  watch: Stopwatch | null,
  { atLeast, atMost, budget }: Repetitions,
  now: () => number = performance.now.bind(performance),
): StepTimes {
  const times: { readonly whole: number; readonly parts: PartSeconds | null }[] = [];
  watch?.take();
  for (let spent = 0; times.length < atLeast || (spent < budget && times.length < atMost); ) {
    const began = now();
    step();
    const whole = (now() - began) / 1000;
    times.push({ whole, parts: watch?.take() ?? null });
    spent += whole;
  }
  const warm = times.slice(Math.floor(times.length / 2));
  const secondsPerStep = median(warm.map(({ whole }) => whole));
  const parts = warm.flatMap(({ parts }) => parts ?? []);
  if (parts.length === 0) return { secondsPerStep };
  const medians = Object.fromEntries(stepParts.map((part) => [part, median(parts.map((each) => each[part]))])) as PartSeconds;
  return { secondsPerStep, parts: { ...medians, other: stepParts.reduce((rest, part) => rest - medians[part], secondsPerStep) } };
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}
