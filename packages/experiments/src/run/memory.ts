import { activeBackend } from "@lodo/tensor";
import { advance } from "../simulation.ts";
import { tasks } from "../tasks/index.ts";
import { discard, withArena } from "../withArena.ts";
import type { RunConfiguration } from "./configuration.ts";
import { MemoryError } from "./errors.ts";
import { bytesOf } from "./estimate.ts";
import { simulate } from "./simulate.ts";

/**
 * Bytes that lie in memory at most during a step, from smaller ones; null where the task names none.
 * @throws what simulate throws.
 */
export function predictPeak(configuration: RunConfiguration): number | null {
  const probes = tasks.find(({ id }) => id === configuration.task)?.memoryProbes?.(configuration.taskOptions);
  if (!probes) return null;
  return probes
    .filter(({ weight }) => weight !== 0)
    .reduce((sum, { values, weight }) => sum + weight * peakOf({ ...configuration, taskOptions: values }), 0);
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
  if (bytes === null) return null;
  const backend = activeBackend();
  const room = [
    ...(backend?.heap?.capacity === undefined ? [] : [{ bytes: backend.heap.capacity, of: `the backend ${backend.name} has` }]),
    { bytes: process.availableMemory(), of: "this machine has free" },
  ];
  for (const { bytes: has, of } of room) {
    if (bytes > has)
      throw new MemoryError(`a step would take about ${gibibytes(bytes)} of memory, and ${of} ${gibibytes(has)}; ${remedy(configuration)}`);
  }
  return bytes;
}

function remedy({ task, taskOptions }: RunConfiguration): string {
  const options = tasks.find(({ id }) => id === task)?.options ?? {};
  const counts = Object.keys(options).filter((key) => options[key]?.domain.kind === "count");
  return `make ${counts.map((key) => `${key} (${taskOptions[key]})`).join(" or ")} smaller`;
}

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toPrecision(2)} GiB`;
