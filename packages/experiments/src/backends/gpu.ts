import { type Backend, BackendError } from "@lodo/tensor";
import type { Offer, RegisteredBackend } from "./offer.ts";

/** What the package `@lodo/gpu` says of what it has opened. */
interface GpuBackend extends Backend {
  /** Of gpu.js, the one that it really computes in. */
  readonly mode: string;
  readonly renderer: string;
  /** Is the renderer a program that imitates a GPU? */
  readonly isSoftware: boolean;
}

interface GpuPackage {
  gpu(options?: object): Promise<GpuBackend>;
}

/** A GPU through gpu.js, in float32. */
export const gpu: RegisteredBackend = {
  id: "gpu",
  summary: "a GPU through WebGL, in float32; its last bits differ from one to another",
  async offer({ fastMath = false }) {
    if (fastMath) return { available: false, reason: "a GPU rounds as it likes anyway", remedy: "leave --fast-math out" };
    const found = await load();
    if (found === null) return { available: false, reason: "the package @lodo/gpu is not installed", remedy: "npm install @lodo/gpu" };
    try {
      return offered(await found.gpu());
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      return { available: false, reason: error.message, remedy: "take --backend simd, which runs everywhere" };
    }
  },
};

function offered(backend: GpuBackend): Offer {
  const { mode, renderer, isSoftware } = backend;
  const slow = isSoftware ? { slow: `${renderer} is a program and no GPU` } : {};
  return { available: true, backend, about: `${renderer}, by ${mode}`, dtypes: ["float32"], ...slow };
}

/** null if it is not there: it is optional, since what it builds on is. */
async function load(): Promise<GpuPackage | null> {
  const name: string = "@lodo/gpu";
  try {
    return (await import(name)) as GpuPackage;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ERR_MODULE_NOT_FOUND" || code === "ERR_PACKAGE_PATH_NOT_EXPORTED") return null;
    throw error;
  }
}
