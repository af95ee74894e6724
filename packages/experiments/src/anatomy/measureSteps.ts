import { type PartSeconds, type Stopwatch, stepParts } from "./stopwatch.ts";

/** What steps take. */
export interface StepTimes {
  /** Of a whole step: the mean over the steps of middling length. */
  readonly secondsPerStep: number;
  /** Of its parts, in the same steps; `other` is what is left of the whole. */
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
  const typical = middle(warm, ({ whole }) => whole);
  const secondsPerStep = mean(typical.map(({ whole }) => whole));
  const inParts = typical.flatMap(({ parts }) => parts ?? []);
  if (inParts.length === 0) return { secondsPerStep };
  const parts = Object.fromEntries(stepParts.map((part) => [part, mean(inParts.map((each) => each[part]))])) as PartSeconds;
  return { secondsPerStep, parts: { ...parts, other: stepParts.reduce((rest, part) => rest - parts[part], secondsPerStep) } };
}

/** Without the quarter that is least and the quarter that is most, of three without two: what is left has parts that add up, as medians do not. */
function middle<T>(items: readonly T[], size: (item: T) => number): readonly T[] {
  const cut = Math.min(Math.ceil(items.length / 4), Math.floor((items.length - 1) / 2));
  return [...items].sort((a, b) => size(a) - size(b)).slice(cut, items.length - cut);
}

const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b) / numbers.length;
