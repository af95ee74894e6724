import { array, createArena } from "@lodo/tensor";
import type { RunConfiguration } from "../run/configuration.ts";
import { simulate } from "../run/simulate.ts";
import { advance } from "../simulation.ts";
import type { Values } from "../tunedValues.ts";
import { type CurvePoint, curveRecorder } from "./curve.ts";
import type { Job, JobContext } from "./experiment.ts";
import { type InverseErrorPoint, inverseErrorRecorder } from "./inverseErrorRecorder.ts";
import { scoreWindow, type Windows, windowEnds } from "./windows.ts";

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
}

export interface TrialResult {
  /** Mean loss over the evaluations that the paper scores, 0.9 T < i < T; null if the run diverged. */
  readonly score: number | null;
  /** The evaluation, from 1, that gave the first loss that is not finite; the run ends there. */
  readonly divergedAt: number | null;
  readonly curve?: readonly CurvePoint[];
  readonly trajectory?: readonly (readonly number[])[];
  readonly inverseError?: readonly InverseErrorPoint[];
}

/** Evaluations between two words to the progress bar. */
const tickEvery = 100;

/** Runs a trial. What is recorded draws from streams of its own and reads only: the run's bits do not depend on it. */
export function runTrial(trial: Trial, { tick, untimed }: JobContext): TrialResult {
  const T = trial.evaluations;
  const { task, optimizer, start } = simulate(configurationOf(trial));
  const errorWindows = trial.record.inverseError;
  const inverseError = errorWindows && inverseErrorRecorder(trial, task, optimizer, windowEnds(T, errorWindows));
  const [first, last] = scoreWindow(T);
  const score = curveRecorder([last - first + 1]);
  const curve = trial.record.curve && curveRecorder(windowEnds(T, trial.record.curve));
  const trajectory = trial.record.trajectory ? [[...array(start.x)]] : undefined;
  const arena = createArena();
  const result = (divergedAt: number | null): TrialResult => ({
    score: divergedAt === null ? (score.points[0]?.loss ?? null) : null,
    divergedAt,
    ...(curve ? { curve: curve.points } : {}),
    ...(trajectory ? { trajectory } : {}),
    ...(inverseError ? { inverseError: inverseError.points } : {}),
  });

  let snapshot = start;
  for (let i = 0; i < T; ) {
    untimed(() => inverseError?.observe(i, snapshot));
    const step = advance(task, optimizer, snapshot, arena);
    snapshot = step.snapshot;
    for (const loss of step.losses.slice(0, T - i)) {
      i++;
      if (!Number.isFinite(loss)) return result(i);
      curve?.add(loss);
      if (i >= first && i <= last) score.add(loss);
      if (i % tickEvery === 0) tick(tickEvery);
    }
    trajectory?.push([...array(snapshot.x)]);
    if (step.stop && i < T) throw new Error(`stopped at evaluation ${i} of ${T}: ${step.stop.kind} (${step.stop.detail})`);
  }
  untimed(() => inverseError?.observe(T, snapshot));
  return result(null);
}

/** The run that a trial is. */
const configurationOf = ({ task, taskValues, name, values, seed, evaluations }: Trial): RunConfiguration => ({
  task,
  optimizer: name,
  seed,
  steps: evaluations,
  recordEvery: evaluations,
  checkpointEvery: evaluations,
  taskOptions: taskValues,
  hyperparameters: values,
});
