import { kernels } from "@lodo/tensor";
import { expectKernel } from "@lodo/testkit";
import { afterAll, describe, expect, it } from "vitest";
import { gpuCases } from "./cases.ts";
import { contexts } from "./contexts.ts";

const gpus = await contexts({ breakEven: 0 });
afterAll(() => Promise.all(gpus.map((backend) => backend.close())));

for (const backend of gpus) {
  describe(`${backend.mode} on ${backend.renderer}`, () => {
    it("has cases for each of its kernels", () => {
      expect(new Set(gpuCases.map(({ kernel }) => kernel))).toEqual(new Set(backend.kernels.keys()));
      expect([...backend.kernels.keys()].filter((name) => !kernels.has(name))).toEqual([]);
    });

    for (const cases of gpuCases)
      it(`${cases.kernel} agrees with its reference`, () => {
        const before = backend.counts.passes;
        expect(expectKernel(backend, cases, { runs: backend.mode === "cpu" ? 60 : 20 })).toBeGreaterThan(0);
        expect(backend.counts.passes).toBeGreaterThan(before);
      });
  });
}
