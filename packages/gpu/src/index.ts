export { type Gpu, type GpuOptions, gpu } from "./gpu.ts";
export type { Mode } from "./open.ts";
