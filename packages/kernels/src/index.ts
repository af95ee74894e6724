export { type SimdOptions, simd } from "./simd.ts";
