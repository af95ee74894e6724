export { type Simd, type SimdOptions, simd } from "./simd.ts";
