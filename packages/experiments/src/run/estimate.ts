import { type Arena, type Params, Tensor, tensorsIn } from "@lodo/tensor";
import { advance, type Snapshot } from "../simulation.ts";
import { withArena } from "../withArena.ts";
import type { RunConfiguration } from "./configuration.ts";
import type { Simulation } from "./simulate.ts";

/** What a run will take. */
export interface Estimate {
  /** n, length of x. */
  readonly parameters: number;
  /** Numbers in θ, what the optimizer learns besides x; 0 if it learns nothing. */
  readonly thetaSize: number;
  /** Bytes of everything that a step hands to the next: x, the optimizer's state with θ, the draws' state, fixed permutations. */
  readonly stateBytes: number;
  /** Bytes that lie in memory at most during a step: the state, and everything on the way to the next. */
  readonly peakBytes: number;
  /** Median of a few steps taken here and thrown away. */
  readonly secondsPerStep: number;
  /** For all steps. */
  readonly seconds: number;
}

/** Seconds to spend on steps at most, unless one alone takes longer. */
const BUDGET = 0.5;
const MAX_STEPS = 200;

/** Consumes the simulation's start. */
export function estimate({ steps }: RunConfiguration, simulation: Simulation): Estimate {
  const { start, fixed } = simulation;
  const stateBytes = bytesOf(start) + bytesOf(fixed);
  const sizes = { parameters: start.x.size, thetaSize: thetaSize(start), stateBytes };
  return withArena((arena) => {
    const secondsPerStep = measure(simulation, arena);
    return { ...sizes, peakBytes: stateBytes + arena.pooledBytes, secondsPerStep, seconds: steps * secondsPerStep };
  });
}

function measure({ task, optimizer, start }: Simulation, arena: Arena): number {
  const times: number[] = [];
  let snapshot: Snapshot = start;
  for (let spent = 0; spent < BUDGET && times.length < MAX_STEPS; ) {
    const began = performance.now();
    snapshot = advance(task, optimizer, snapshot, arena).snapshot;
    const seconds = (performance.now() - began) / 1000;
    times.push(seconds);
    spent += seconds;
  }
  // The first half pays for compilation.
  const warm = times.slice(Math.floor(times.length / 2)).sort((a, b) => a - b);
  return warm[Math.floor(warm.length / 2)] as number;
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
