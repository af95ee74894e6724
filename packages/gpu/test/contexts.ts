import { BackendError } from "@lodo/tensor";
import { type Gpu, type GpuOptions, gpu, type Mode } from "../src/index.ts";

const modes: readonly Mode[] = "document" in globalThis ? ["webgl2"] : ["cpu", "headlessgl"];

/** Everything that gpu.js runs on here: a page has WebGL2; Node has JavaScript, and OpenGL where it is installed. */
export async function contexts(options: GpuOptions): Promise<readonly Gpu[]> {
  const found: Gpu[] = [];
  for (const mode of modes) {
    try {
      found.push(await gpu({ ...options, mode }));
    } catch (error) {
      if (!(mode === "headlessgl" && error instanceof BackendError)) throw error;
    }
  }
  return found;
}
