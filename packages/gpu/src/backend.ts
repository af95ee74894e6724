import type { Backend } from "@lodo/tensor";
import type { Counts, Device } from "./device/device.ts";
import { Engine, type EngineOptions } from "./engine.ts";
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
import type { Mode } from "./open.ts";
import type { Rule } from "./rule.ts";

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
  /** What its textures take, those that wait for reuse included. */
  readonly bytes: number;
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

/** Names of renderers that are processors. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|lavapipe|basic render|software/i;
/** What headless contexts call themselves, whatever renders. */
const NAMELESS = /^ANGLE$/;

function softwareOf({ mode, renderer }: Device): boolean | undefined {
  if (mode === "cpu" || SOFTWARE.test(renderer)) return true;
  return NAMELESS.test(renderer) ? undefined : false;
}

/** The backend on a device that is open. */
export function backendOn(device: Device, options: Omit<EngineOptions, "device">): Gpu {
  const { fallback } = options;
  const engine = new Engine({ device, ...options });
  const onDevice = rules.map((rule) => [rule.name, engine.kernel(rule)] as const);
  return {
    name: "gpu",
    kernels: new Map([...(fallback?.kernels ?? []), ...onDevice]),
    ...(fallback?.heap && { heap: fallback.heap }),
    ...{ mode: device.mode, renderer: device.renderer, software: softwareOf(device), counts: device.counts },
    get bytes() {
      return device.bytes;
    },
    get lost() {
      return engine.lost;
    },
    close: () => device.close(),
  };
}
