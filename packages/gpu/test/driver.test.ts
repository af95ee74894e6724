import { BackendError } from "@lodo/tensor";
import { afterEach, describe, expect, it, vi } from "vitest";
import { gpu } from "../src/index.ts";

afterEach(() => vi.doUnmock("gpu.js"));

// A page runs what was bundled, where nothing can be put in place of gpu.js.
describe.runIf(!("document" in globalThis))("a driver that offers a context and runs no kernel in it", () => {
  it("is no GPU, and its own words are told", async () => {
    vi.doMock("gpu.js", () => ({
      GPU: class {
        static isHeadlessGLSupported = true;
        addNativeFunction(): void {}
        createKernel(): never {
          throw new TypeError("Error compiling fragment shader");
        }
      },
    }));
    const opening = gpu();
    await expect(opening).rejects.toThrow(BackendError);
    await expect(opening).rejects.toThrow("gpu: this machine offers headlessgl, and runs no kernel in it: Error compiling fragment shader");
  });
});
