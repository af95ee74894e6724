import type { StopReason } from "@lodo/optim";
import { array } from "@lodo/tensor";
import type { RunConfiguration } from "../run/configuration.ts";
import { type Simulation, simulate } from "../run/simulate.ts";
import { isRefused } from "../simulation.ts";
import type { Sampling } from "../tasks/task.ts";
import type { Values } from "../tunedValues.ts";
import { scoreWindow, type Windows, windowEnds } from "../windows.ts";
import { type CurvePoint, curveRecorder } from "./curve.ts";
import type { Job, JobContext } from "./experiment.ts";
import { type InverseErrorPoint, inverseErrorRecorder } from "./inverseErrorRecorder.ts";
import { type Judgement, judge } from "./judge.ts";
import { meanRecorder } from "./meanRecorder.ts";
import { stepsOf } from "./steps.ts";
import { loadTrial, saveTrial } from "./trialCheckpoint.ts";

/** One optimizer on one task from one seed: the job that most experiments are made of. */
export interface Trial extends Job {
  readonly task: string;
  readonly taskValues: Values;
  /** Hyperparameters of the optimizer. */
  readonly values: Values;
  readonly record: TrialRecord;
}

/** What is kept of a trial besides its score. */
export interface TrialRecord {
  readonly curve?: Windows;
  /** x after every step, x₀ first. */
  readonly trajectory?: boolean;
  /** ‖I − G H‖_F / √n at the ends of these windows; for LODO. */
  readonly inverseError?: Windows;
  /** What the last x comes to on data that it was not trained on, by so many examples; where the task has such. */
  readonly judgedBy?: Sampling;
}

export interface TrialResult {
  /** Mean loss over the evaluations that the paper scores, 0.9 T < i < T, those of refused trial points left out; null if the run diverged or stopped. */
  readonly score: number | null;
  /** The mean over those among them that are the first of their draw; for optimizers that evaluate a draw again, after their step. */
  readonly firstSight?: number;
  /** The evaluation, from 1, that gave the first loss that is not finite, unless the method only tried that point; the run ends there. */
  readonly divergedAt: number | null;
  /** Where and why the optimizer could not go on, if it could not. */
  readonly stopped?: Stopped;
  readonly curve?: readonly CurvePoint[];
  readonly trajectory?: readonly (readonly number[])[];
  readonly inverseError?: readonly InverseErrorPoint[];
  /** Of the last x; absent if the run diverged or stopped. */
  readonly judgement?: Judgement;
}

/** The end of a run before its time. */
export interface Stopped {
  /** Evaluations done. */
  readonly at: number;
  readonly reason: StopReason;
}

/** Evaluations between two words to the progress bar: a hundredth of them, where they are few they may take long. */
const between = (T: number): number => Math.max(1, Math.min(100, Math.floor(T / 100)));

/**
 * Runs a trial. What is recorded draws from streams of its own and reads only: the run's bits do not depend on it. An optimizer that converges before
 * T stays where it is for the rest of the evaluations. A trial that has a checkpoint goes on from it, to the same bits.
 * @throws CheckpointError if it cannot go on from its checkpoint.
 */
export const runTrial = (trial: Trial, context: JobContext): TrialResult =>
  trialOf(simulate(configurationOf(trial, trial.evaluations)), trial, context);

/** The trial of a run that is ready to begin. */
export function trialOf(
  simulation: Pick<Simulation, "task" | "optimizer" | "start">,
  trial: Trial,
  { tick, untimed, checkpoint }: JobContext,
): TrialResult {
  const T = trial.evaluations;
  const tickEvery = between(T);
  const { task, optimizer, start } = simulation;
  const errorWindows = trial.record.inverseError;
  const from = checkpoint ? loadTrial(checkpoint, simulation) : null;
  const [first, last] = scoreWindow(T);
  const score = meanRecorder(from?.score);
  const firstSight = meanRecorder(from?.firstSight);
  const curve = trial.record.curve && curveRecorder(windowEnds(T, trial.record.curve), from?.curve);
  const trajectory = trial.record.trajectory ? [...(from?.trajectory ?? [[...array(start.x)]])] : undefined;
  const inverseError = errorWindows && inverseErrorRecorder(trial, task, optimizer, windowEnds(T, errorWindows), from?.inverseError);
  const result = (end: Pick<TrialResult, "divergedAt" | "stopped" | "judgement">): TrialResult => ({
    score: end.divergedAt === null && !end.stopped ? score.mean : null,
    ...(firstSight.count < score.count && firstSight.mean !== null ? { firstSight: firstSight.mean } : {}),
    ...end,
    ...(curve ? { curve: curve.points } : {}),
    ...(trajectory ? { trajectory } : {}),
    ...(inverseError ? { inverseError: inverseError.points } : {}),
  });

  let i = from?.evaluations ?? 0;
  if (from) tick(i - (i % tickEvery), true);
  else untimed(() => inverseError?.observe(i, start));
  for (const step of stepsOf(from ? { ...simulation, start: from.snapshot, stays: from.stays } : simulation)) {
    const { losses, snapshot, stop, stays } = step;
    for (const [k, loss] of losses.slice(0, T - i).entries()) {
      i++;
      if (!Number.isFinite(loss) && !isRefused(step, k)) return result({ divergedAt: i });
      curve?.add(loss);
      if (i >= first && i <= last && Number.isFinite(loss)) {
        score.add(loss);
        if (k === 0) firstSight.add(loss);
      }
      if (i % tickEvery === 0) tick(tickEvery);
    }
    trajectory?.push([...array(snapshot.x)]);
    untimed(() => inverseError?.observe(i, snapshot));
    if (i >= T) {
      // Here, where x is still alive.
      const judgement = untimed(() => judge(task, snapshot.x, trial.record.judgedBy));
      return result({ divergedAt: null, ...(judgement ? { judgement } : {}) });
    }
    if (stop) return result({ divergedAt: null, stopped: { at: i, reason: stop } });
    if (checkpoint)
      saveTrial(checkpoint, simulation, () => ({
        snapshot,
        stays,
        evaluations: i,
        score: score.state,
        firstSight: firstSight.state,
        ...(curve ? { curve: curve.state } : {}),
        ...(trajectory ? { trajectory } : {}),
        ...(inverseError ? { inverseError: inverseError.points } : {}),
      }));
  }
  return result({ divergedAt: null });
}

/** The run that a trial is, of so many evaluations. */
export const configurationOf = ({ task, taskValues, name, values, seed }: Omit<Trial, "record">, steps: number): RunConfiguration => ({
  task,
  optimizer: name,
  seed,
  steps,
  recordEvery: steps,
  checkpointEvery: steps,
  taskOptions: taskValues,
  hyperparameters: values,
});
