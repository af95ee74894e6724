/** Numbers on a device. A scalar array has one in each texel, a packed array four. */
export interface Texels {
  /** How many texels are in use. */
  readonly size: number;
  readonly packed: boolean;
}

/** One pass over a result: what is computed for each texel of it. */
export interface Pass {
  /**
   * The kernel, as text that gpu.js translates: it survives every bundler. Its parameters are arrays, one for each of `inputs`, then numbers,
   * first the whole ones.
   */
  readonly source: string;
  /** Texels of the result. */
  readonly size: number;
  /** Does it return four numbers for each? */
  readonly packed: boolean;
}

/** What a pass is called with besides arrays. */
export interface Parameters {
  readonly integers: readonly number[];
  readonly reals: readonly number[];
}

/** What a device has done so far. */
export interface Counts {
  passes: number;
  uploads: number;
  reads: number;
}

/** A place that runs passes and keeps their results. */
export interface Device {
  /** What gpu.js really runs. */
  readonly mode: "webgl2" | "webgl" | "headlessgl" | "cpu";
  /** In the driver's words. */
  readonly renderer: string;
  readonly counts: Counts;
  /** What it keeps results in, those that wait for reuse included. */
  readonly bytes: number;
  /** Has it lost everything that it held? */
  readonly lost: boolean;
  upload(numbers: Float32Array): Texels;
  /** @throws BackendError if there is no room for the result. */
  run(pass: Pass, inputs: readonly Texels[], parameters: Parameters): Texels;
  /** The numbers, waiting for the device; null if it lost them. */
  read(texels: Texels): Float32Array | null;
  free(texels: Texels): void;
  close(): Promise<void>;
}
