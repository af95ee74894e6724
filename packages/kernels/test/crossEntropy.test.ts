import { array, type Matrix, matrix, softmaxCrossEntropy, withBackend } from "@lodo/tensor";
import { expect, it } from "vitest";
import { simd } from "../src/index.ts";

const backend = await simd({ memory: 2 ** 20 });

it("a small loss keeps its digits, though the sum of the exponentials is 1 in float32", () => {
  const logits: Matrix = matrix([[20, 0, 0, 0, 0]], { dtype: "float32" });
  const [actual, exact] = [backend, null].map((computing) =>
    withBackend(computing, () => array(softmaxCrossEntropy(logits, Int32Array.of(0)))[0] as number),
  ) as [number, number];
  // ln(1 + 4 e⁻²⁰) is near 4 e⁻²⁰: the error of that exponential, 3 u, and two roundings.
  expect(exact).toBeGreaterThan(8e-9);
  expect(Math.abs(actual - exact)).toBeLessThanOrEqual(5 * 2 ** -24 * exact);
});
