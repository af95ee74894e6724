import { GPU, type IKernelRunShortcut, Input } from "gpu.js";
import type { Contender } from "../workload.ts";
import { endToEnd } from "./ours.ts";

export interface GpuJsWork {
  readonly mode: "cpu" | "webasm";
  /** A gpu.js kernel of the inputs, in its own dialect of JavaScript. */
  readonly source: string;
  readonly constants: Readonly<Record<string, number>>;
  /** Columns, rows. */
  readonly output: readonly [number, number];
  readonly inputs: readonly { readonly data: Float32Array; readonly shape: readonly [number, number] }[];
}

/** gpu.js without a GPU. Arguments are copied into a kernel at every call, so that there is no other way than with copies. */
export function gpuJs({ mode, source, constants, output, inputs }: GpuJsWork): Contender {
  const gpu = new GPU({ mode });
  const kernel = gpu.createKernel(
    source as never,
    {
      output: [...output],
      constants: { ...constants },
      loopMaxIterations: 2 ** 20,
      precision: "single",
    } as never,
  ) as unknown as IKernelRunShortcut;
  const args = inputs.map(({ data, shape: [rows, columns] }) => new Input(data as unknown as number[], [columns, rows]));
  const run = (): readonly Float32Array[] => kernel(...(args as never[])) as unknown as readonly Float32Array[];
  return {
    peer: true,
    name: `gpu.js ${mode}`,
    run,
    withCopies: run,
    result: () => endToEnd(run()),
    close: () => gpu.destroy(),
  };
}
