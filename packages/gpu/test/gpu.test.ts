import {
  ArgumentError,
  add,
  array,
  type Backend,
  BackendError,
  broadcastTo,
  createArena,
  deviceOf,
  full,
  matmul,
  scale,
  tensor,
  withBackend,
} from "@lodo/tensor";
import { afterAll, describe, expect, it } from "vitest";
import { gpu } from "../src/index.ts";
import { contexts } from "./contexts.ts";

const gpus = await contexts({ breakEven: 1000 });
afterAll(() => Promise.all(gpus.map((backend) => backend.close())));

const ones = (shape: readonly number[], dtype: "float32" | "float64" = "float32") =>
  tensor(new Array(shape.reduce((a, n) => a * n, 1)).fill(1), shape, { dtype });

for (const backend of gpus) {
  describe(`the GPU backend, ${backend.mode}`, () => {
    it("says what it runs on", () => {
      expect(backend.name).toBe("gpu");
      expect(backend.renderer.length).toBeGreaterThan(0);
      if (backend.mode === "cpu") expect([backend.renderer, backend.software]).toEqual(["JavaScript", true]);
      if (/SwiftShader|llvmpipe/.test(backend.renderer)) expect(backend.software).toBe(true);
    });

    it("leaves small calls and float64 to the processor, and keeps there what is there", () => {
      withBackend(backend, () => {
        expect(deviceOf(matmul(ones([9, 10]), ones([10, 11])).storage)).toBeUndefined();
        const there = matmul(ones([10, 10]), ones([10, 10]));
        expect(deviceOf(there.storage)).toBeDefined();
        expect(deviceOf(scale(2, there).storage)).toBeDefined();
        expect(deviceOf(matmul(ones([10, 10], "float64"), ones([10, 10], "float64")).storage)).toBeUndefined();
        expect(array(scale(2, there))).toEqual(new Float32Array(100).fill(20));
      });
    });

    it("sends memory again that an arena has filled anew", () => {
      const arena = createArena();
      const step = (value: number): number | undefined =>
        arena.run(
          () => {
            const x = full([40, 40], value, { dtype: "float32" });
            return array(add(x, x))[0];
          },
          () => [],
        );
      withBackend(backend, () => expect([1, 2, 3].map(step)).toEqual([2, 4, 6]));
    });

    it("sends an array once, however often it is used", () => {
      const [x, y] = [ones([40, 40]), ones([40, 40])];
      const before = backend.counts.uploads;
      withBackend(backend, () => add(add(x, y), add(y, x)));
      expect(backend.counts.uploads).toBe(before + 2);
    });
  });
}

describe("gpu", () => {
  it("hands to the fallback what it does not take", async () => {
    const calls: string[] = [];
    const spy = (name: string) => (x: { shape: number[]; data: Float32Array }) => {
      calls.push(name);
      return x;
    };
    const fallback: Backend = { name: "spy", kernels: new Map([...["neg", "log"].map((name) => [name, spy(name)] as const)]) as never };
    const backend = await gpu({ mode: "cpu", fallback, breakEven: 10 });
    const { neg, log } = await import("@lodo/tensor");
    withBackend(backend, () => [neg(ones([9])), neg(ones([10])), log(ones([20]))]);
    expect(calls).toEqual(["neg", "log"]);
  });

  it("refuses options outside their domain", async () => {
    await expect(gpu({ mode: "cpu", breakEven: -1 })).rejects.toThrow(new ArgumentError("gpu", "breakEven must be at least 0, got -1"));
    await expect(gpu({ mode: "cpu", memory: Number.NaN })).rejects.toThrow(ArgumentError);
    await expect(gpu({ mode: "cpu", onLost: "ignore" as never })).rejects.toThrow(/onLost must be "fall back" or "stop", got "ignore"/);
    await expect(gpu({ mode: "webasm" as never })).rejects.toThrow(/mode must be one of webgl2, webgl, headlessgl, cpu, got "webasm"/);
  });

  it("names the remedy where there is no such context", async () => {
    const absent = "document" in globalThis ? "headlessgl" : "webgl2";
    const remedy = "document" in globalThis ? /this page gets no/ : /libxi-dev.*xvfb-run/;
    await expect(gpu({ mode: absent })).rejects.toThrow(BackendError);
    await expect(gpu({ mode: absent })).rejects.toThrow(remedy);
  });

  it("names the operation, its operands and the limit where there is no room", async () => {
    for (const { mode } of gpus) {
      if (mode === "cpu") continue;
      const backend = await gpu({ mode, breakEven: 0, memory: 2 ** 16 });
      const sized = (n: number) => withBackend(backend, () => add(ones([n]), broadcastTo(ones([1]), [n])));
      expect(array(sized(100))[0]).toBe(2);
      expect(() => sized(2 ** 15)).toThrow(BackendError);
      expect(() => sized(2 ** 15)).toThrow(/add: of \[32768\], \[32768\] on the GPU.*no room for a texture of.*the limit is 0\.1 MiB/);
      expect(array(sized(100))[0]).toBe(2);
      const wide = () => withBackend(backend, () => add(broadcastTo(ones([2, 1]), [2, 2 ** 28]), 1));
      expect(wide).toThrow(/add: of \[2,268435456\].*need a texture of.*limit is \d+ a side/);
      await backend.close();
    }
  });
});

describe("a backend that is closed", () => {
  it("leaves the processor to compute, what was not read by then as well", async () => {
    for (const { mode } of gpus) {
      const backend = await gpu({ mode, breakEven: 0 });
      const unread = withBackend(backend, () => add(ones([3]), ones([3])));
      await backend.close();
      const { passes, reads } = backend.counts;
      expect(array(unread)).toEqual(Float32Array.of(2, 2, 2));
      expect(array(withBackend(backend, () => add(unread, unread)))).toEqual(Float32Array.of(4, 4, 4));
      expect([backend.lost, backend.counts.passes, backend.counts.reads]).toEqual([true, passes, reads]);
    }
  });
});

describe("compiled kernels", () => {
  it("are bounded in number, and their results outlive them", async () => {
    for (const { mode } of gpus) {
      const backend = await gpu({ mode, breakEven: 0, kernels: 2 });
      const results = withBackend(backend, () => Array.from({ length: 8 }, (_, n) => add(ones([n + 1]), ones([n + 1]))));
      const doubled = withBackend(backend, () => results.map((x) => add(x, x)));
      for (const [n, x] of results.entries()) expect(array(x)).toEqual(new Float32Array(n + 1).fill(2));
      for (const [n, x] of doubled.entries()) expect(array(x)).toEqual(new Float32Array(n + 1).fill(4));
      await backend.close();
    }
  });
});
