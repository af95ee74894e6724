import type { RegisteredBackend } from "./offer.ts";

/** The plain loops that define every kernel. */
export const reference: RegisteredBackend = {
  id: "reference",
  summary: "plain loops, which say what every kernel is",
  offer: async ({ fastMath = false }) =>
    fastMath
      ? { available: false, reason: "it has no fused multiply-add", remedy: "leave --fast-math out, or take --backend simd" }
      : { available: true, backend: null, about: "plain loops in TypeScript", dtypes: ["float32", "float64"] },
};
