import { type Params, Tensor, tensorsIn } from "@lodo/tensor";
import { dissect } from "../anatomy/dissect.ts";
import { measureSteps, type Repetitions, type StepTimes } from "../anatomy/measureSteps.ts";
import { advance, type Snapshot } from "../simulation.ts";
import { withArena } from "../withArena.ts";
import type { RunConfiguration } from "./configuration.ts";
import { footprintOf } from "./footprint.ts";
import type { Simulation } from "./simulate.ts";

/** What a run will take. */
export interface Estimate extends StepTimes {
  /** n, length of x. */
  readonly parameters: number;
  /** Numbers in θ, what the optimizer learns besides x; 0 if it learns nothing. */
  readonly thetaSize: number;
  /** Bytes of everything that a step hands to the next: x, the optimizer's state with θ, the draws' state, fixed permutations. */
  readonly stateBytes: number;
  /** Bytes that the process takes at most. */
  readonly peakBytes: number;
  /** For all steps. */
  readonly seconds: number;
}

/** Of a step in parts, one repetition would say little. */
const repetitions = (inParts: boolean): Repetitions => ({ atLeast: inParts ? 5 : 1, atMost: 200, budget: 0.5 });

/** By steps taken here and thrown away, of LODO in parts. Consumes the simulation's start. */
export function estimate(configuration: RunConfiguration, simulation: Simulation): Estimate {
  const { start, fixed } = simulation;
  const dissected = dissect(configuration, simulation.task);
  const { task, optimizer } = dissected ?? simulation;
  const stateBytes = bytesOf(start) + bytesOf(fixed);
  const sizes = { parameters: start.x.size, thetaSize: thetaSize(start), stateBytes };
  return withArena((arena) => {
    let snapshot: Snapshot = start;
    const step = (): void => {
      snapshot = advance(task, optimizer, snapshot, arena).snapshot;
    };
    const times = measureSteps(step, dissected?.watch ?? null, repetitions(dissected !== null));
    return {
      ...sizes,
      peakBytes: footprintOf(stateBytes + arena.pooledBytes, stateBytes).process,
      ...times,
      seconds: configuration.steps * times.secondsPerStep,
    };
  });
}

/** The state of LODO, or of a method that wraps it, holds θ under that name. */
function thetaSize({ optimizer }: Snapshot): number {
  const theta = typeof optimizer === "object" && optimizer !== null && "theta" in optimizer ? (optimizer.theta as Params) : null;
  return [...tensorsIn(theta)].reduce((sum, { size }) => sum + size, 0);
}

/** Of all tensors and arrays in a tree. */
export function bytesOf(value: unknown): number {
  if (value instanceof Tensor) return value.size * (value.dtype === "float64" ? 8 : 4);
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce((sum: number, child) => sum + bytesOf(child), 0);
}
