import { availableParallelism, cpus, totalmem } from "node:os";
import type { Clock } from "../timing.ts";

/** The machine that the figures are of. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly v8: string;
  readonly clock: Clock;
}

export const machine = (clock: Clock): Machine => ({
  processor: cpus()[0]?.model ?? "unknown",
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.versions.node,
  v8: process.versions.v8,
  clock,
});

export const machineLine = ({ processor, cores, memoryGiB, node, v8, clock }: Machine): string =>
  `${processor}, ${cores} cores, ${memoryGiB} GiB; Node ${node} (V8 ${v8}); one thread each; ${clock} time.`;
