import { spawnSync } from "node:child_process";
import { expect, inject, it } from "vitest";

/** The suite of backends on the variant with fused multiply-adds, which Node before 22 compiles only when told at its start. */
const program = `
import { simd } from "@lodo/kernels";
import { conformsToBackend, operations } from "@lodo/testkit";

const backend = await simd({ fastMath: true, memory: 2 ** 26 });
new Uint8Array(backend.heap.buffer).fill(0xff);
let passed = 0;
const it = (_, body) => { body(); passed++; };
conformsToBackend({ describe: (_, body) => body(), it }, backend, { operations: process.env.LODO_FULL ? operations : [] });
console.log(backend.name, passed);
`;

it("the kernels with fused multiply-adds agree with the reference", { timeout: 600_000 }, () => {
  expect(inject("buildFailure")).toBeNull();
  const flags = Number(process.versions.node.split(".")[0]) < 22 ? ["--experimental-wasm-relaxed-simd"] : [];
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, "--input-type=module", "-e", program], { encoding: "utf8" });
  expect(stderr).not.toMatch(/Error|Counterexample/);
  const [name, passed] = stdout.trim().split(" ");
  expect(name).toBe("simd-fused");
  expect(Number(passed)).toBeGreaterThan(30);
});
