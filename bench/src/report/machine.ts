import { availableParallelism, cpus, totalmem } from "node:os";

/** The machine that the figures are of. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly v8: string;
}

export const machine = (): Machine => ({
  processor: cpus()[0]?.model ?? "unknown",
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.versions.node,
  v8: process.versions.v8,
});

export const machineLine = ({ processor, cores, memoryGiB, node, v8 }: Machine): string =>
  `${processor}, ${cores} cores, ${memoryGiB} GiB; Node ${node} (V8 ${v8}); one thread each.`;
