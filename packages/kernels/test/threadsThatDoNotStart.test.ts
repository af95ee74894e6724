import { BackendError } from "@lodo/tensor";
import { afterEach, describe, expect, it, vi } from "vitest";
import { crew } from "../src/threads/crew.ts";
import * as spawning from "../src/threads/spawn.ts";

vi.mock("../src/threads/spawn.ts", { spy: true });
afterEach(() => vi.restoreAllMocks());

describe("threads of which one does not start", () => {
  it("are all ended before that is said", async () => {
    const close = vi.fn(async () => {});
    const late = new Promise<{ close: typeof close }>((resolve) => setTimeout(() => resolve({ close }), 20));
    vi.mocked(spawning.spawn)
      .mockReturnValueOnce(Promise.resolve({ close }))
      .mockReturnValueOnce(Promise.reject(new Error("no more of them")))
      .mockReturnValueOnce(late);
    const [module, memory] = [{} as WebAssembly.Module, {} as WebAssembly.Memory];
    const asked = crew(module, memory, {} as never, { threads: 4, shareAbove: 0 });
    await expect(asked).rejects.toThrow(new BackendError("simd", "threads did not start: no more of them"));
    expect(close).toHaveBeenCalledTimes(2);
  });
});
