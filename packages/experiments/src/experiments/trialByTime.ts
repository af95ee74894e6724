import { type Dissected, dissect } from "../anatomy/dissect.ts";
import { measureSteps, type StepTimes } from "../anatomy/measureSteps.ts";
import { simulate } from "../run/simulate.ts";
import { isRefused } from "../simulation.ts";
import type { Sampling } from "../tasks/task.ts";
import { windowEnds } from "../windows.ts";
import type { JobContext } from "./experiment.ts";
import { type Judgement, judge } from "./judge.ts";
import { stepsOf } from "./steps.ts";
import { tailRecorder } from "./tail.ts";
import { configurationOf, type Trial, type TrialResult } from "./trial.ts";

/** A trial that lasts a time instead of a number of evaluations. */
export interface TimedTrial extends Omit<Trial, "record"> {
  /** Of the run's own, from its first step on: what happens before (the problem is drawn, the optimizer set up) is not counted. */
  readonly seconds: number;
  /** As a trial's record has it; its time is not the run's. */
  readonly judgedBy?: Sampling;
}

/** How it ended. */
interface TimedEnd extends Pick<TrialResult, "divergedAt" | "stopped" | "judgement"> {
  /** Of LODO, what some more steps took, in parts. */
  readonly times?: StepTimes;
}

/** What comes of it differs from run to run, since it depends on how many steps the machine has taken. */
export interface TimedResult extends TimedEnd {
  /** Mean loss over 0.9 N < i < N, where N evaluations were done; null if the run diverged or stopped. */
  readonly score: number | null;
  /** N: those of steps that ended in time. */
  readonly evaluations: number;
  /** Until the last of them. */
  readonly seconds: number;
  /** Losses averaged over windows of equal ratio in time, at their ends; a window in which no step ended has none. */
  readonly curve: readonly { readonly seconds: number; readonly loss: number }[];
}

/** Of steps in parts, after the run. */
const repetitions = { atLeast: 5, atMost: 200, budget: 0.5 };

const windows = { spacing: "log", count: 120 } as const;

/**
 * Runs a trial by the clock, `now` in milliseconds. A step that ends too late is not counted, but it is x after it that is judged:
 * x before it is gone.
 * @throws Error if there was no time for a score.
 */
export function runTrialByTime(
  trial: TimedTrial,
  { tick, untimed }: JobContext,
  now: () => number = performance.now.bind(performance),
): TimedResult {
  const configuration = configurationOf(trial, 0);
  const simulation = simulate(configuration);
  const ends = [
    ...windowEnds(1000 * trial.seconds, windows)
      .slice(0, -1)
      .map((milliseconds) => milliseconds / 1000),
    trial.seconds,
  ];
  const tail = tailRecorder();
  const curve: { seconds: number; sum: number; count: number }[] = [];
  let [seconds, window, ticked] = [0, 0, 0];
  const result = (end: TimedEnd): TimedResult => {
    tick(Math.floor(trial.seconds) - ticked);
    const score = end.divergedAt === null && !end.stopped ? tail.mean : null;
    const means = curve.filter(({ count }) => count > 0).map(({ seconds, sum, count }) => ({ seconds, loss: sum / count }));
    return { score, ...end, evaluations: tail.count, seconds, curve: means };
  };

  let judgement: Judgement | undefined;
  let times: StepTimes | undefined;
  const steps = stepsOf(simulation);
  const began = now();
  for (const step of steps) {
    const { losses, snapshot, stop } = step;
    const t = (now() - began) / 1000;
    if (t > trial.seconds) {
      if (tail.mean === null) break;
      judgement = untimed(() => judge(simulation.task, snapshot.x, trial.judgedBy));
      times = untimed(() => timesOf(dissect(configuration, simulation.task), steps));
      break;
    }
    seconds = t;
    while (t > (ends[window] as number)) window++;
    const end = ends[window] as number;
    if (curve.at(-1)?.seconds !== end) curve.push({ seconds: end, sum: 0, count: 0 });
    const mean = curve.at(-1) as (typeof curve)[number];
    for (const [k, loss] of losses.entries()) {
      if (!Number.isFinite(loss) && !isRefused(step, k)) return result({ divergedAt: tail.count + 1 });
      tail.add(loss);
      if (!Number.isFinite(loss)) continue;
      mean.sum += loss;
      mean.count++;
    }
    if (stop) return result({ divergedAt: null, stopped: { at: tail.count, reason: stop } });
    for (; ticked + 1 <= t; ticked++) tick(1);
  }
  if (tail.mean === null)
    throw new Error(`${tail.count} evaluations in ${trial.seconds} s are too few for a score: 0.9 N < i < N has none`);
  return result({ divergedAt: null, ...(judgement ? { judgement } : {}), ...(times ? { times } : {}) });
}

/** What more steps of a run take, in parts; undefined where it has none. */
function timesOf(dissected: Dissected | null, steps: ReturnType<typeof stepsOf>): StepTimes | undefined {
  return dissected === null ? undefined : measureSteps(() => void steps.next(dissected), dissected.watch, repetitions);
}
