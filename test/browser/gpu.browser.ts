import { gpu } from "@lodo/gpu";
import { expect, it } from "vitest";

// packages/gpu/test has the rest, and runs here too.
it("gpu.js renders by WebGL 2, and does not fall back to JavaScript in silence", async () => {
  const { mode, renderer, software, close } = await gpu();
  console.info(`WebGL 2 by ${renderer}`);
  await close();
  expect(mode).toBe("webgl2");
  expect(renderer.length).toBeGreaterThan(0);
  if (/swiftshader/i.test(renderer)) expect(software).toBe(true);
});
