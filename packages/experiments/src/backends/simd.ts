import { simd as openSimd, type SimdOptions } from "@lodo/kernels";
import { BackendError } from "@lodo/tensor";
import { type Offer, type RegisteredBackend, reasonOf } from "./offer.ts";

/** Vectors of 128 bits in WebAssembly: the same bits on every machine, unless multiply-adds are fused. */
export const simd: RegisteredBackend = {
  id: "simd",
  summary: "128-bit vectors in WebAssembly, the same bits on every machine",
  async offer({ fastMath = false, memory, threads = 1 }) {
    const options: SimdOptions = { fastMath, threads, ...(memory === undefined ? {} : { memory }) };
    try {
      const backend = await openSimd(options);
      const about = `128-bit vectors in WebAssembly${fastMath ? ", multiply-adds fused" : ""}${threads > 1 ? `, ${threads} threads` : ""}`;
      return { available: true, backend, about, dtypes: ["float32", "float64"] };
    } catch (error) {
      return refusal(error, fastMath);
    }
  },
};

function refusal(error: unknown, fastMath: boolean): Offer {
  // What the system says where it has not so much memory to give.
  if (error instanceof RangeError) return { available: false, reason: error.message, remedy: "close other programs, or run fewer threads" };
  if (!(error instanceof BackendError)) throw error;
  return { available: false, reason: reasonOf(error), remedy: fastMath ? "leave --fast-math out" : "take --backend reference" };
}
