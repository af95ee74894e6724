import { spawnSync } from "node:child_process";
import { BackendError } from "@lodo/tensor";
import { expect, inject, it } from "vitest";
import { simd } from "../src/index.ts";
import { compileVariant } from "../src/variant.ts";

const served = await compileVariant("plainFused").then(
  () => true,
  () => false,
);

it.skipIf(served)("fastMath without relaxed SIMD: the error says what to do", async () => {
  await expect(simd({ fastMath: true, memory: 2 ** 20 })).rejects.toThrow(BackendError);
  await expect(simd({ fastMath: true, memory: 2 ** 20 })).rejects.toThrow(
    "leave fastMath out, or, in Node before 22, start it with --experimental",
  );
});

it("fastMath refuses what is neither true nor false", async () => {
  await expect(simd({ fastMath: 1 as unknown as boolean })).rejects.toThrow("simd: fastMath must be true or false, got 1");
});

/** (1 + ε)² − (1 + 2ε) is ε² if the product is not rounded before it is added to, and 0 if it is. */
const program = `
import { simd } from "@lodo/kernels";
import { array, matmul, tensor, withBackend } from "@lodo/tensor";
const ε = 2 ** -23;
const rows = tensor(Array.from({ length: 8 }, (_, i) => (i % 2 ? 1 + ε : 1)), [4, 2], { dtype: "float32" });
const B = tensor([-(1 + 2 * ε), -(1 + 2 * ε), 1 + ε, 1 + ε], [2, 2], { dtype: "float32" });
for (const fastMath of [false, true]) {
  const backend = await simd({ fastMath, memory: 2 ** 20 });
  console.log(backend.name, array(withBackend(backend, () => matmul(rows, B)))[0] / ε ** 2);
}
`;

it("fastMath rounds once where the engine can, and says so in its name", () => {
  expect(inject("buildFailure")).toBeNull();
  const flags = served ? [] : ["--experimental-wasm-relaxed-simd"];
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, "--input-type=module", "-e", program], { encoding: "utf8" });
  expect(stderr).not.toContain("Error");
  expect(stdout).toBe("simd 0\nsimd-fused 1\n");
});
