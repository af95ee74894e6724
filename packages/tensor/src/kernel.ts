import type { Data, DType } from "./dtype.ts";

/** The cut: above it mathematics in ops, below it loops over raw memory. A kernel is declared once, by name, with a plain reference. */
export interface Kernel<Args extends readonly unknown[], Result> {
  (...args: Args): Result;
  readonly kernelName: string;
  readonly reference: (...args: Args) => Result;
}

/** Memory that a backend computes in without copying; arenas take theirs from it. */
export interface Heap {
  /** Bytes in all, where there is a limit of its own. */
  readonly capacity?: number;
  /** Uninitialised. @throws BackendError if there is no room. */
  allocate(dtype: DType, size: number): Data;
  /** The end of what `allocate` handed out; what is merely forgotten returns when the garbage collector finds it. */
  free(data: Data): void;
}

/** Other implementations of some kernels, by name; what a backend leaves out runs on the reference. */
export interface Backend {
  readonly name: string;
  readonly kernels: ReadonlyMap<string, (...args: never) => unknown>;
  /** Ordinary arrays where it has none. */
  readonly heap?: Heap;
}

let active: Backend | null = null;

const registry = new Map<string, Kernel<readonly never[], unknown>>();

/** Every kernel declared so far, by name: what a backend can provide, and what an instrument can count. */
export const kernels: ReadonlyMap<string, Kernel<readonly never[], unknown>> = registry;

/** The kernel of this name: the active backend's implementation where it has one, `reference` elsewhere. */
export function defineKernel<Args extends readonly unknown[], Result>(
  kernelName: string,
  reference: (...args: Args) => Result,
): Kernel<Args, Result> {
  let chosenFor: Backend | null = null;
  let chosen = reference;
  const dispatch = (...args: Args): Result => {
    if (active !== chosenFor) {
      chosenFor = active;
      chosen = (active?.kernels.get(kernelName) as typeof reference | undefined) ?? reference;
    }
    return chosen(...args);
  };
  const kernel = Object.assign(dispatch, { kernelName, reference });
  registry.set(kernelName, kernel as unknown as Kernel<readonly never[], unknown>);
  return kernel;
}

/** The backend in place of the reference now; null where there is none. */
export const activeBackend = (): Backend | null => active;

/** Puts a backend in place of the reference (null: the reference again) until told otherwise; returns the one before. */
export function useBackend(backend: Backend | null): Backend | null {
  const before = active;
  active = backend;
  return before;
}

/** Runs `f` with a backend in place of the reference. */
export function withBackend<T>(backend: Backend | null, f: () => T): T {
  const before = useBackend(backend);
  try {
    return f();
  } finally {
    useBackend(before);
  }
}
