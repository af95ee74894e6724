import type { GPU } from "gpu.js";
import type { Parameters, Pass } from "./device.ts";

/** What is used of a gpu.js texture, which its declarations leave out. */
export interface GlTexture {
  texture: WebGLTexture;
  readonly size: ArrayLike<number>;
  readonly internalFormat: number;
  readonly textureFormat: number;
  clone(): GlTexture;
  /** Leaves the storage to the other clones and makes new storage. */
  newTexture(): void;
}

/** What is used of a gpu.js kernel. */
export interface Compiled {
  (...args: readonly unknown[]): unknown;
  build(...args: readonly unknown[]): void;
  destroy(): void;
  readonly kernel: {
    texture: GlTexture | null;
    /** Makes the next run draw into `texture`. */
    _textureSwitched: boolean;
    readonly texSize: ArrayLike<number>;
    readonly textureCache: WebGLTexture[];
    readonly constructor: { readonly name: string };
    readonly fallbackReason?: string | null;
  };
}

/** gpu.js stops loops in silence where it finds no smaller bound. */
const LOOP_LIMIT = 2 ** 30;

export function compile(gpu: GPU, { source, size }: Pass, arrays: readonly string[], { integers, reals }: Parameters): Compiled {
  const types = [...arrays, ...integers.map(() => "Integer"), ...reals.map(() => "Float")];
  return gpu.createKernel(source, {
    output: [size],
    pipeline: true,
    precision: "single",
    tactic: "precision",
    loopMaxIterations: LOOP_LIMIT,
    // Where results are textures, they are ours; elsewhere, one array a kernel otherwise.
    immutable: gpu.mode === "cpu",
    argumentTypes: types,
  } as never) as unknown as Compiled;
}
