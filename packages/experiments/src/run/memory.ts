import { activeBackend } from "@lodo/tensor";
import { advance } from "../simulation.ts";
import { tasks } from "../tasks/index.ts";
import { discard, withArena } from "../withArena.ts";
import type { RunConfiguration } from "./configuration.ts";
import { MemoryError } from "./errors.ts";
import { bytesOf } from "./estimate.ts";
import { simulate } from "./simulate.ts";

/**
 * Bytes that lie in memory at most during a step, from smaller ones; null where the task names none. Where what an optimizer takes does
 * not depend on how large the task is made by its options, the first of the smaller steps is its own, and only differences between them are left to plain
 * gradient descent.
 * @throws what simulate throws.
 */
export function predictPeak(configuration: RunConfiguration): number | null {
  const probes = tasks.find(({ id }) => id === configuration.task)?.memoryProbes?.(configuration.taskOptions);
  const [first] = probes ?? [];
  if (!probes || !first) return null;
  const plain = { ...configuration, optimizer: "sgd", hyperparameters: {} };
  const peaks = probes.map(({ values, own }) => peakOf({ ...(own ? configuration : plain), taskOptions: values }));
  const whole = probes.reduce((sum, { weight }, i) => sum + weight * (peaks[i] as number), 0);
  if (first.own) return Math.round(whole);
  return Math.round(peakOf({ ...configuration, taskOptions: first.values }) + whole - (peaks[0] as number));
}

function peakOf(configuration: RunConfiguration): number {
  const { task, optimizer, fixed, start } = simulate(configuration, { rehearsal: true });
  return withArena((arena) => {
    // The start lies outside of the arena: what a step takes in it shows with the second one.
    const first = advance(task, optimizer, start, arena);
    const { snapshot } = advance(task, optimizer, first.snapshot, arena);
    const bytes = arena.pooledBytes + bytesOf(snapshot) + bytesOf(fixed);
    discard(arena, snapshot);
    return bytes;
  });
}

/**
 * The same, once it is clear that there is room for it.
 * @throws MemoryError if there is not, saying what would help; what simulate throws.
 */
export function checkMemory(configuration: RunConfiguration): number | null {
  const bytes = predictPeak(configuration);
  if (bytes !== null) checkRoom(bytes, remedy(configuration));
  return bytes;
}

/**
 * Is there room for a step of so many bytes, on the machine and in the active backend, or in others of its kind that are given so many?
 * @throws MemoryError if there is not, with what would help.
 */
export function checkRoom(bytes: number, remedy: string, given = 0): void {
  const backend = activeBackend();
  const room = [
    ...(backend?.heap?.capacity === undefined
      ? []
      : [{ bytes: Math.max(given, backend.heap.capacity), of: `the backend ${backend.name} has` }]),
    { bytes: process.availableMemory(), of: "this machine has free" },
  ];
  for (const { bytes: has, of } of room) {
    if (bytes > has) throw new MemoryError(`a step would take about ${gibibytes(bytes)} of memory, and ${of} ${gibibytes(has)}; ${remedy}`);
  }
}

function remedy({ task, taskOptions }: RunConfiguration): string {
  const options = tasks.find(({ id }) => id === task)?.options ?? {};
  const counts = Object.keys(options).filter((key) => options[key]?.domain.kind === "count");
  return `make ${counts.map((key) => `${key} (${taskOptions[key]})`).join(" or ")} smaller`;
}

/** Two digits, and none of the exponents that `toPrecision` writes. */
const gibibytes = (bytes: number): string => `${Number((bytes / 2 ** 30).toPrecision(2))} GiB`;
