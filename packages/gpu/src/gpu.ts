import { ArgumentError, type Backend, BackendError } from "@lodo/tensor";
import { backendOn, type Gpu } from "./backend.ts";
import { glDevice } from "./device/gl.ts";
import { plainDevice } from "./device/plain.ts";
import { type Mode, open } from "./open.ts";

export interface GpuOptions {
  /** What runs kernels that the GPU is not for; the reference unless given. */
  readonly fallback?: Backend | null;
  /**
   * Multiply-adds (elements, where there are none) from which on a call with all operands in ordinary memory goes to the GPU. Operands that are on the
   * GPU already keep a call there. 2¹⁸ unless given: no measurement, see docs/how-to/use-a-gpu.md.
   */
  readonly breakEven?: number;
  /** When the context is lost: go on without the GPU, or throw a BackendError at the next kernel. "fall back" unless given. */
  readonly onLost?: "fall back" | "stop";
  /** Bytes that its textures may take: 1 GiB unless given. */
  readonly memory?: number;
  /** How many compiled kernels are kept, one for each combination of shapes: 512 unless given. */
  readonly kernels?: number;
  /** The context to use; the best there is unless given. "cpu" runs the same kernels as JavaScript, slowly: for tests, and never unless asked for. */
  readonly mode?: Mode;
}

const BREAK_EVEN = 2 ** 18;

function checkCount(name: string, value: number, least: number): void {
  if (!(value >= least)) throw new ArgumentError("gpu", `${name} must be at least ${least}, got ${value}`);
}

/**
 * Float32 kernels on the GPU, through gpu.js. Their results stay there until somebody reads them. What a kernel computes agrees with the reference
 * within float32 rounding; NaN and infinities are as the GPU has them.
 * @throws BackendError if there is no GPU context here, with what to install, or none that runs a kernel; ArgumentError for an option outside its domain.
 */
export async function gpu(options: GpuOptions = {}): Promise<Gpu> {
  const { fallback = null, breakEven = BREAK_EVEN, onLost = "fall back", memory = 2 ** 30, kernels: bound = 512 } = options;
  checkCount("breakEven", breakEven, 0);
  checkCount("memory", memory, 1);
  checkCount("kernels", bound, 1);
  if (onLost !== "fall back" && onLost !== "stop") throw new ArgumentError("gpu", `onLost must be "fall back" or "stop", got "${onLost}"`);
  const { gpu: instance, mode } = await open(options.mode);
  const device = mode === "cpu" ? plainDevice(instance, bound) : onContext(mode, () => glDevice(instance, mode, { memory, bound }));
  return backendOn(device, { fallback, breakEven, onLost });
}

/** A driver that offers a context need not be able to run a kernel in it, and says so in words of its own. */
function onContext<T>(mode: Mode, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof BackendError) throw error;
    throw new BackendError("gpu", `this machine offers ${mode}, and runs no kernel in it: ${(error as Error).message}`);
  }
}
