import type { Gpu } from "@lodo/gpu";
import { BackendError } from "@lodo/tensor";
import { type Offer, type RegisteredBackend, reasonOf } from "./offer.ts";
import { simd } from "./simd.ts";

/** A GPU through gpu.js, in float32. */
export const gpu: RegisteredBackend = {
  id: "gpu",
  summary: "a GPU through WebGL, in float32; its last bits differ from one to another",
  async offer({ fastMath = false, ...ofProcessor }) {
    if (fastMath) return { available: false, reason: "a GPU rounds as it likes anyway", remedy: "leave --fast-math out" };
    const found = await load();
    if (found === null) return { available: false, reason: "the package @lodo/gpu is not installed", remedy: "npm install @lodo/gpu" };
    try {
      const rest = await simd.offer(ofProcessor);
      return offered(await found.gpu(rest.available ? { fallback: rest.backend } : {}));
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      // Why, and then what would help: see @lodo/gpu.
      const [reason = "", ...help] = reasonOf(error).split("; ");
      return { available: false, reason, remedy: [...help, "or take --backend simd"].join("; ").replace(/^or /, "") };
    }
  },
};

function offered(backend: Gpu): Offer {
  const { mode, renderer, software } = backend;
  const slow = software === false ? {} : { slow: `${renderer} is ${software ? "a program that imitates a GPU" : "not known to be a GPU"}` };
  return { available: true, backend, about: `${renderer}, by ${mode}`, dtypes: ["float32"], ...slow };
}

/** null if it is not there: it is optional, since what it builds on is. */
async function load(): Promise<typeof import("@lodo/gpu") | null> {
  try {
    return await import("@lodo/gpu");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ERR_MODULE_NOT_FOUND" || code === "ERR_PACKAGE_PATH_NOT_EXPORTED") return null;
    throw error;
  }
}
