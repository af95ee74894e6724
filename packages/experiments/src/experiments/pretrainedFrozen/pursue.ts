import type { Optimizer, Task } from "@lodo/optim";
import type { Arena } from "@lodo/tensor";
import { advance, type Snapshot } from "../../simulation.ts";
import { withArena } from "../../withArena.ts";
import type { JobContext } from "../experiment.ts";

/** A run between two steps. */
export interface UnderWay {
  readonly task: Task;
  readonly optimizer: Optimizer<unknown, never>;
  readonly snapshot: Snapshot;
}

export interface Pursued {
  readonly snapshot: Snapshot;
  /** Of every evaluation, up to the last that is finite. */
  readonly losses: readonly number[];
  /** The evaluation, from 1, that gave the first loss that is not finite; the run ends there. */
  readonly divergedAt: number | null;
}

/** Goes on for T steps of one evaluation each. Consumes the snapshot handed over. */
export const pursue = (from: UnderWay, T: number, tick: JobContext["tick"]): Pursued =>
  withArena((arena) => pursueIn(arena, from, T, tick));

function pursueIn(arena: Arena, { task, optimizer, snapshot: from }: UnderWay, T: number, tick: JobContext["tick"]): Pursued {
  const losses: number[] = [];
  let snapshot = from;
  for (let i = 1; i <= T; i++) {
    const step = advance(task, optimizer, snapshot, arena);
    snapshot = step.snapshot;
    const [loss] = step.losses as [number];
    if (!Number.isFinite(loss)) return { snapshot, losses, divergedAt: i };
    losses.push(loss);
    tick(1);
  }
  return { snapshot, losses, divergedAt: null };
}
