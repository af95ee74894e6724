import { z } from "zod";
import { checkFits, fixedShape, snapshotShape } from "../run/savedSnapshot.ts";
import type { Simulation } from "../run/simulate.ts";
import { natural, number, parseSaved } from "../savedValue.ts";
import type { Snapshot } from "../simulation.ts";
import type { CurveState } from "./curve.ts";
import type { JobCheckpoint } from "./experiment.ts";
import type { InverseErrorPoint } from "./inverseErrorRecorder.ts";
import type { MeanState } from "./meanRecorder.ts";

/** All that the rest of a trial depends on, between two steps. */
export interface TrialState {
  readonly snapshot: Snapshot;
  /** Whether the optimizer has converged. */
  readonly stays: boolean;
  /** Done so far. */
  readonly evaluations: number;
  readonly score: MeanState;
  readonly firstSight: MeanState;
  readonly curve?: CurveState;
  readonly trajectory?: readonly (readonly number[])[];
  readonly inverseError?: readonly InverseErrorPoint[];
}

type Begun = Pick<Simulation, "optimizer" | "start">;

const curve = z.strictObject({
  points: z.array(z.strictObject({ step: natural, loss: number })),
  step: natural,
  window: natural,
  sum: number,
  count: natural,
});
const mean = z.strictObject({ sum: number, count: natural });

// Strict: of what a later version adds, this one would forget to go on.
const schema = z.strictObject({
  fixed: fixedShape,
  snapshot: snapshotShape,
  stays: z.boolean(),
  evaluations: natural,
  score: mean,
  firstSight: mean,
  curve: curve.exactOptional(),
  trajectory: z.array(z.array(number)).exactOptional(),
  inverseError: z.array(z.strictObject({ step: natural, error: number })).exactOptional(),
});

/** Keeps the state of a trial, if that is due. */
export const saveTrial = (checkpoint: JobCheckpoint, { optimizer }: Begun, state: () => TrialState): void =>
  checkpoint.save(() => ({ fixed: optimizer.fixed ?? {}, ...state() }));

/** What was kept of a trial, if it is one that the trial can go on from; null if nothing was. @throws CheckpointError if it is not. */
export function loadTrial(checkpoint: JobCheckpoint, { optimizer, start }: Begun): TrialState | null {
  const saved = checkpoint.load();
  if (saved === null) return null;
  const { fixed, ...state } = parseSaved(schema, saved, checkpoint.refuse);
  const { snapshot, stays } = state;
  // Who stays has no state of an optimizer.
  const expected = { fixed: optimizer.fixed ?? {}, snapshot: stays ? { ...start, optimizer: null } : start };
  checkFits(expected, { fixed, snapshot }, checkpoint.refuse);
  return state;
}
