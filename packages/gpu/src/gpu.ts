import { ArgumentError, type Backend } from "@lodo/tensor";
import type { Counts, Device } from "./device/device.ts";
import { glDevice } from "./device/gl.ts";
import { plainDevice } from "./device/plain.ts";
import { Engine, type Rule } from "./engine.ts";
import {
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
  depthwiseConv2d,
  depthwiseConv2dFilterGradient,
  depthwiseConv2dInputGradient,
} from "./families/convolution.ts";
import { elementwise } from "./families/elementwise.ts";
import { contiguous, embed } from "./families/layout.ts";
import { matmul } from "./families/matmul.ts";
import { avgPool2d, avgPool2dGradient } from "./families/pooling.ts";
import { sum } from "./families/sum.ts";
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

/** A backend that tells what it runs on. */
export interface Gpu extends Backend {
  /** What gpu.js really runs. */
  readonly mode: Mode;
  /** The driver's name for what renders. */
  readonly renderer: string;
  /** Is that a processor? Undefined where the driver does not tell. */
  readonly software: boolean | undefined;
  /** Passes run, arrays sent there and read back, so far. */
  readonly counts: Readonly<Counts>;
  /** Has the context been lost? */
  readonly lost: boolean;
  /** Gives the context back. Numbers that were not read by then are computed again on the processor if asked for. */
  close(): Promise<void>;
}

const rules = [
  ...[...elementwise, contiguous, embed, sum, matmul],
  ...[conv2d, conv2dInputGradient, conv2dFilterGradient],
  ...[depthwiseConv2d, depthwiseConv2dInputGradient, depthwiseConv2dFilterGradient],
  ...[avgPool2d, avgPool2dGradient],
] as readonly Rule<never>[];

const BREAK_EVEN = 2 ** 18;

/** Names of renderers that are processors. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|lavapipe|basic render|software/i;
/** What headless contexts call themselves, whatever renders. */
const NAMELESS = /^ANGLE$/;

function softwareOf({ mode, renderer }: Device): boolean | undefined {
  if (mode === "cpu" || SOFTWARE.test(renderer)) return true;
  return NAMELESS.test(renderer) ? undefined : false;
}

function checkCount(name: string, value: number, least: number): void {
  if (!(value >= least)) throw new ArgumentError("gpu", `${name} must be at least ${least}, got ${value}`);
}

/**
 * Float32 kernels on the GPU, through gpu.js. Their results stay there until somebody reads them. What a kernel computes agrees with the reference
 * within float32 rounding; NaN and infinities are as the GPU has them.
 * @throws BackendError if there is no GPU context here, with what to install; ArgumentError for an option outside its domain.
 */
export async function gpu(options: GpuOptions = {}): Promise<Gpu> {
  const { fallback = null, breakEven = BREAK_EVEN, onLost = "fall back", memory = 2 ** 30, kernels: bound = 512 } = options;
  checkCount("breakEven", breakEven, 0);
  checkCount("memory", memory, 1);
  checkCount("kernels", bound, 1);
  if (onLost !== "fall back" && onLost !== "stop") throw new ArgumentError("gpu", `onLost must be "fall back" or "stop", got "${onLost}"`);
  const { gpu: instance, mode } = await open(options.mode);
  const device = mode === "cpu" ? plainDevice(instance, bound) : glDevice(instance, mode, { memory, bound });
  const engine = new Engine({ device, fallback, breakEven, onLost });
  const onDevice = rules.map((rule) => [rule.name, engine.kernel(rule)] as const);
  return {
    name: "gpu",
    kernels: new Map([...(fallback?.kernels ?? []), ...onDevice]),
    ...(fallback?.heap && { heap: fallback.heap }),
    ...{ mode: device.mode, renderer: device.renderer, software: softwareOf(device), counts: device.counts },
    get lost() {
      return engine.lost;
    },
    close: () => device.close(),
  };
}
