import { ArgumentError, type Backend, BackendError } from "@lodo/tensor";
import type { Exports } from "./exports.ts";
import { adamKernels } from "./families/adam.ts";
import { chainKernels } from "./families/chain.ts";
import { convolutionKernels } from "./families/convolution.ts";
import { crossEntropyKernels } from "./families/crossEntropy.ts";
import { depthwiseKernels } from "./families/depthwise.ts";
import { depthwiseFilterGradientKernels } from "./families/depthwiseFilterGradient.ts";
import { elementwiseKernels } from "./families/elementwise.ts";
import { filterGradientKernels } from "./families/filterGradient.ts";
import { gatherKernels } from "./families/gather.ts";
import { layoutKernels } from "./families/layout.ts";
import { matmulKernels } from "./families/matmul.ts";
import { poolingKernels } from "./families/pooling.ts";
import { reduceKernels } from "./families/reduce.ts";
import { WasmHeap } from "./heap.ts";
import { createMachine, type Machine } from "./machine.ts";
import { compileVariant } from "./variant.ts";

const PAGE = 65536;
const MAXIMUM_PAGES = 65536;

export interface SimdOptions {
  /** Size of its memory in bytes: 1 GiB unless told, at most 4 GiB. What is not touched takes no room. */
  readonly memory?: number;
  /**
   * Multiply-adds that round once (relaxed SIMD): up to a quarter faster, and closer to the true sums, with other last bits than elsewhere. The
   * backend is then named "simd-fused". Off unless told.
   */
  readonly fastMath?: boolean;
}

/** Families of kernels, each in a file of its own. */
const families: readonly ((machine: Machine) => Record<string, (...args: never) => unknown>)[] = [
  adamKernels,
  chainKernels,
  gatherKernels,
  matmulKernels,
  elementwiseKernels,
  reduceKernels,
  layoutKernels,
  convolutionKernels,
  filterGradientKernels,
  depthwiseKernels,
  depthwiseFilterGradientKernels,
  poolingKernels,
  crossEntropyKernels,
];

/**
 * Kernels in WebAssembly with 128-bit vectors, in float32 and float64. Each call makes a backend with memory of its own.
 * @throws ArgumentError if an option is out of range, BackendError if the engine has no such vectors, no relaxed ones, or not so much memory.
 */
export async function simd({ memory = 2 ** 30, fastMath = false }: SimdOptions = {}): Promise<Backend & { readonly heap: WasmHeap }> {
  const pages = Math.ceil(memory / PAGE);
  if (!(typeof memory === "number" && pages >= 16 && pages <= MAXIMUM_PAGES))
    throw new ArgumentError("simd", `memory must be between 1 MiB and 4 GiB, got ${String(memory)} bytes`);
  if (typeof fastMath !== "boolean") throw new ArgumentError("simd", `fastMath must be true or false, got ${String(fastMath)}`);
  const module = await compileVariant(fastMath ? "plainFused" : "plain").catch(({ message }: Error) => {
    throw new BackendError("simd", `this engine does not compile ${fastMath ? RELAXED : "128-bit vectors"}: ${message}`);
  });
  const heap = new WasmHeap(reserveMemory(pages));
  const { exports } = await WebAssembly.instantiate(module, { env: { memory: heap.memory, abort: () => {} } });
  const machine = createMachine(exports as unknown as Exports, heap);
  const kernels = new Map(families.flatMap((family) => Object.entries(family(machine))));
  return { name: fastMath ? "simd-fused" : "simd", kernels, heap };
}

const RELAXED =
  "relaxed SIMD, which fastMath needs; leave fastMath out, or, in Node before 22, start it with --experimental-wasm-relaxed-simd";

function reserveMemory(pages: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (error) {
    throw new BackendError(
      "simd",
      `this machine has no room for a memory of ${(pages * PAGE) / 2 ** 20} MiB: ${(error as Error).message}; ask for less (memory)`,
    );
  }
}
