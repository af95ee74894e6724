export type { Gpu } from "./backend.ts";
export { type GpuOptions, gpu } from "./gpu.ts";
export type { Mode } from "./open.ts";
