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
import { residualChainKernels } from "./families/residualChain.ts";
import { OWN_BYTES, WasmHeap } from "./heap.ts";
import { createMachine, type Machine } from "./machine.ts";
import { crew } from "./threads/crew.ts";
import { compileVariant, type Variant } from "./variant.ts";

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
  /** How many threads share what takes long, the caller's among them: 1 unless told. The bits of no result depend on it. */
  readonly threads?: number;
  /** What takes less than about so many nanoseconds in one thread is not shared: 40 000 unless told, which is where it begins to pay. */
  readonly shareAbove?: number;
}

/** The SIMD backend. */
export interface Simd extends Backend {
  readonly heap: WasmHeap;
  readonly threads: number;
  /** Ends its threads; what it computes afterwards, it computes in the caller's alone. */
  close(): Promise<void>;
}

/** Families of kernels, each in a file of its own. */
const families: readonly ((machine: Machine) => Record<string, (...args: never) => unknown>)[] = [
  adamKernels,
  chainKernels,
  residualChainKernels,
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
export async function simd({ memory = 2 ** 30, fastMath = false, threads = 1, shareAbove = 40_000 }: SimdOptions = {}): Promise<Simd> {
  const pages = Math.ceil(memory / PAGE);
  if (!(typeof memory === "number" && pages >= 16 && pages <= MAXIMUM_PAGES))
    throw new ArgumentError("simd", `memory must be between 1 MiB and 4 GiB, got ${String(memory)} bytes`);
  if (typeof fastMath !== "boolean") throw new ArgumentError("simd", `fastMath must be true or false, got ${String(fastMath)}`);
  checkThreads(threads, pages);
  if (!(shareAbove >= 0))
    throw new ArgumentError("simd", `shareAbove must be a number of nanoseconds from 0 on, got ${String(shareAbove)}`);
  const shared = threads > 1;
  const module = await compileVariant(variantFor(shared, fastMath)).catch(({ message }: Error) => {
    throw new BackendError("simd", `this engine does not compile ${fastMath ? RELAXED : "128-bit vectors"}: ${message}`);
  });
  const heap = new WasmHeap(reserveMemory(pages, shared), threads);
  const { exports } = await WebAssembly.instantiate(module, { env: { memory: heap.memory, abort: () => {} } });
  const workers = await crew(module, heap.memory, exports as unknown as Exports, { threads, shareAbove });
  const machine = createMachine(exports as unknown as Exports, heap, workers);
  const kernels = new Map(families.flatMap((family) => Object.entries(family(machine))));
  return { name: fastMath ? "simd-fused" : "simd", kernels, heap, threads, close: workers.close };
}

const variantFor = (shared: boolean, fused: boolean): Variant =>
  shared ? (fused ? "sharedFused" : "shared") : fused ? "plainFused" : "plain";

function checkThreads(threads: number, pages: number): void {
  if (!(Number.isSafeInteger(threads) && threads >= 1 && threads <= 256))
    throw new ArgumentError("simd", `threads must be an integer from 1 to 256, got ${String(threads)}`);
  if (threads === 1) return;
  const [least, given] = [2 * threads * OWN_BYTES, pages * PAGE];
  if (given < least)
    throw new ArgumentError("simd", `${threads} threads need a memory of at least ${least / 2 ** 20} MiB, got ${given / 2 ** 20} MiB`);
  if (typeof SharedArrayBuffer === "undefined")
    throw new BackendError(
      "simd",
      "threads need shared memory: serve the page cross-origin isolated (COOP: same-origin, COEP: require-corp)",
    );
}

const RELAXED =
  "relaxed SIMD, which fastMath needs; leave fastMath out, or, in Node before 22, start it with --experimental-wasm-relaxed-simd";

function reserveMemory(pages: number, shared: boolean): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch (error) {
    throw new BackendError(
      "simd",
      `this machine has no room for a memory of ${(pages * PAGE) / 2 ** 20} MiB: ${(error as Error).message}; ask for less (memory)`,
    );
  }
}
