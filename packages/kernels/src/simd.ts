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
 * @throws BackendError if the engine has no such vectors or not so much memory.
 */
export async function simd({ memory = 2 ** 30 }: SimdOptions = {}): Promise<Backend & { readonly heap: WasmHeap }> {
  const pages = Math.ceil(memory / PAGE);
  if (!(pages >= 16 && pages <= MAXIMUM_PAGES))
    throw new ArgumentError("simd", `memory must be between 1 MiB and 4 GiB, got ${memory} bytes`);
  const module = await compileVariant("plain").catch((error: Error) => {
    throw new BackendError("simd", `this engine does not compile 128-bit vectors: ${error.message}`);
  });
  const heap = new WasmHeap(new WebAssembly.Memory({ initial: pages, maximum: pages }));
  const { exports } = await WebAssembly.instantiate(module, { env: { memory: heap.memory, abort: () => {} } });
  const machine = createMachine(exports as unknown as Exports, heap);
  return { name: "simd", kernels: new Map(families.flatMap((family) => Object.entries(family(machine)))), heap };
}
