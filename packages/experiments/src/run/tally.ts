import type { StopReason } from "@lodo/optim";
import type { Metric } from "../tasks/task.ts";
import { scoreWindow } from "../windows.ts";
import type { RunConfiguration } from "./configuration.ts";

/** What a run's losses have come to so far. */
export interface Tally {
  /** i, evaluations so far. */
  readonly evaluations: number;
  /** Of the last evaluation; null before the first. */
  readonly finalLoss: number | null;
  /** Sum and number of the losses at 0.9 T < i < T. */
  readonly tailSum: number;
  readonly tailCount: number;
  /** The first evaluation whose loss is not finite, unless the method only tried that point; the run ends there. */
  readonly diverged: number | null;
  /** Why the optimizer could not go on, if it could not. */
  readonly stopped: StopReason | null;
  /** Did the run end within a step, of which further evaluations, or that it was to be the last, are not in here? */
  readonly cut: boolean;
}

export const emptyTally: Tally = { evaluations: 0, finalLoss: null, tailSum: 0, tailCount: 0, diverged: null, stopped: null, cut: false };

/** The tally after one more loss, of a run of T evaluations; `refused`: if it is not finite, the method does not go on from there. */
export function observe(tally: Tally, loss: number, T: number, { refused = false }: { readonly refused?: boolean } = {}): Tally {
  const i = tally.evaluations + 1;
  const next = { ...tally, evaluations: i, finalLoss: loss };
  if (!Number.isFinite(loss)) return refused ? next : { ...next, diverged: i };
  const [first, last] = scoreWindow(T);
  return first <= i && i <= last ? { ...next, tailSum: tally.tailSum + loss, tailCount: tally.tailCount + 1 } : next;
}

/** Is there nothing left to do? */
export const finished = ({ evaluations, diverged, stopped }: Tally, T: number): boolean =>
  evaluations >= T || diverged !== null || stopped !== null;

/** The outcome of a run. Numbers that are not finite are null. */
export interface Summary {
  readonly task: string;
  readonly optimizer: string;
  readonly seed: number;
  /** T, evaluations asked for. */
  readonly steps: number;
  /** Evaluations done: fewer if the run diverged or stopped. */
  readonly evaluations: number;
  /** Mean loss over the evaluations that the paper scores, 0.9 T < i < T; null if the run ended before T or no evaluation lies there. */
  readonly meanTailLoss: number | null;
  readonly finalLoss: number | null;
  /** The first evaluation whose loss is not finite and no mere trial's, or null. */
  readonly diverged: number | null;
  readonly stopped: StopReason | null;
  /** What the losses are of, by its name, where the task has data. */
  readonly data?: string;
  /** What the last x came to on data that it was not trained on, where the task says and the run did not diverge. */
  readonly metrics?: readonly Metric[];
}

export function summarise(
  { task, optimizer, seed, steps, data }: RunConfiguration,
  tally: Tally,
  metrics: readonly Metric[] | null = null,
): Summary {
  const { evaluations, finalLoss, tailSum, tailCount, diverged, stopped } = tally;
  const complete = diverged === null && evaluations >= steps;
  return {
    task,
    optimizer,
    seed,
    steps,
    evaluations,
    meanTailLoss: complete && tailCount > 0 ? tailSum / tailCount : null,
    finalLoss: finalLoss !== null && Number.isFinite(finalLoss) ? finalLoss : null,
    diverged,
    stopped,
    ...(data ? { data: data.name } : {}),
    ...(metrics ? { metrics } : {}),
  };
}
