import { gpu } from "./gpu.ts";
import type { RegisteredBackend } from "./offer.ts";
import { reference } from "./reference.ts";
import { simd } from "./simd.ts";

/** Every backend; a line here gives it a name on the command line. */
export const backends: readonly RegisteredBackend[] = [reference, simd, gpu];
