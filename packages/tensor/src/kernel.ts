/** The cut: above it mathematics in ops, below it loops over raw memory. A kernel is declared once, by name, with a plain reference. */
export interface Kernel<Args extends readonly unknown[], Result> {
  (...args: Args): Result;
  readonly kernelName: string;
  readonly reference: (...args: Args) => Result;
}

/** Other implementations of some kernels, by name; what a backend leaves out runs on the reference. */
export interface Backend {
  readonly name: string;
  readonly kernels: ReadonlyMap<string, (...args: never) => unknown>;
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
  const dispatch = (...args: Args): Result => {
    const provided = active?.kernels.get(kernelName) as ((...args: Args) => Result) | undefined;
    return provided ? provided(...args) : reference(...args);
  };
  const kernel = Object.assign(dispatch, { kernelName, reference });
  registry.set(kernelName, kernel as unknown as Kernel<readonly never[], unknown>);
  return kernel;
}

/** Runs `f` with a backend in place of the reference. */
export function withBackend<T>(backend: Backend, f: () => T): T {
  const before = active;
  active = backend;
  try {
    return f();
  } finally {
    active = before;
  }
}
