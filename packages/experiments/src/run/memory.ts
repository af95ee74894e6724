import { activeBackend } from "@lodo/tensor";
import { advance } from "../simulation.ts";
import { tasks } from "../tasks/index.ts";
import { discard, withArena } from "../withArena.ts";
import type { RunConfiguration } from "./configuration.ts";
import { MemoryError } from "./errors.ts";
import { bytesOf } from "./estimate.ts";
import { type Footprint, footprintOf } from "./footprint.ts";
import { simulate } from "./simulate.ts";

/**
 * The footprint of a run, from smaller ones; null where the task names none. Where what an optimizer takes does not depend on how large the task is made by
 * its options, the first of the smaller steps is its own, and only differences between them are left to plain gradient descent.
 * @throws what simulate throws.
 */
export function predictFootprint(configuration: RunConfiguration): Footprint | null {
  const probes = tasks.find(({ id }) => id === configuration.task)?.memoryProbes?.(configuration.taskOptions);
  const [first] = probes ?? [];
  if (!probes || !first) return null;
  const plain = { ...configuration, optimizer: "sgd", hyperparameters: {} };
  const peaks = probes.map(({ values, own }) => peakOf({ ...(own ? configuration : plain), taskOptions: values }));
  const sum = (of: (peak: Peak) => number): number => probes.reduce((sum, { weight }, i) => sum + weight * of(peaks[i] as Peak), 0);
  const whole = { step: sum(({ step }) => step), state: sum(({ state }) => state) };
  if (first.own) return footprintOf(Math.round(whole.step), Math.round(whole.state));
  const [own, others] = [peakOf({ ...configuration, taskOptions: first.values }), peaks[0] as Peak];
  return footprintOf(Math.round(own.step + whole.step - others.step), Math.round(own.state + whole.state - others.state));
}

/** Bytes during a step, and of what it hands to the next. */
interface Peak {
  readonly step: number;
  readonly state: number;
}

function peakOf(configuration: RunConfiguration): Peak {
  const { task, optimizer, fixed, start } = simulate(configuration, { rehearsal: true });
  return withArena((arena) => {
    // The start lies outside of the arena: what a step takes in it shows with the second one.
    const first = advance(task, optimizer, start, arena);
    const { snapshot } = advance(task, optimizer, first.snapshot, arena);
    const state = bytesOf(snapshot) + bytesOf(fixed);
    const step = arena.pooledBytes + state;
    discard(arena, snapshot);
    return { step, state };
  });
}

/**
 * The same, once it is clear that there is room for it.
 * @throws MemoryError if there is not, saying what would help; what simulate throws.
 */
export function checkMemory(configuration: RunConfiguration): Footprint | null {
  const footprint = predictFootprint(configuration);
  if (footprint !== null) checkRoom(footprint, remedy(configuration));
  return footprint;
}

/**
 * Is there room for a step in the active backend, or in others of its kind that are given so many bytes, and for the process on the machine?
 * @throws MemoryError if there is not, with what would help.
 */
export function checkRoom({ step, process: whole }: Footprint, remedy: string, given = 0): void {
  const backend = activeBackend();
  const capacity = backend?.heap?.capacity === undefined ? Number.POSITIVE_INFINITY : Math.max(given, backend.heap.capacity);
  const refuse = (what: string, bytes: number, who: string, has: number): never => {
    throw new MemoryError(`${what} would take about ${gibibytes(bytes)} of memory, and ${who} ${gibibytes(has)}; ${remedy}`);
  };
  if (step > capacity) refuse("a step", step, `the backend ${backend?.name} has`, capacity);
  const free = process.availableMemory();
  if (whole > free) refuse("this", whole, "this machine has free", free);
}

function remedy({ task, taskOptions }: RunConfiguration): string {
  const options = tasks.find(({ id }) => id === task)?.options ?? {};
  const counts = Object.keys(options).filter((key) => options[key]?.domain.kind === "count");
  return `make ${counts.map((key) => `${key} (${taskOptions[key]})`).join(" or ")} smaller`;
}

/** Two digits, and none of the exponents that `toPrecision` writes. */
const gibibytes = (bytes: number): string => `${Number((bytes / 2 ** 30).toPrecision(2))} GiB`;
