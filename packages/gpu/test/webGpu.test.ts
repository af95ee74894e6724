import { type Conv2dGeometry, createRng, type Extents4, epsilon, type Strided, tensor, windowsAlong } from "@lodo/tensor";
import { arraysIn, referenceKernel } from "@lodo/testkit";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { Product } from "../prototype/product.ts";
import { convolutionProducts, matmulProduct } from "../prototype/products.ts";
import { openWebGpu, type WebGpu } from "../prototype/webGpu.ts";

/** Chromium's software renderer for Vulkan, which Node may use too. */
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";

/**
 * The browser's. In Node, where LODO_WEBGPU asks for it, the one of the package webgpu with Debian's Vulkan loader (libvulkan1): it is a young
 * package, which can take the process with it.
 */
async function found(): Promise<WebGpu | null> {
  if ("document" in globalThis) return openWebGpu((globalThis as unknown as { navigator: { gpu: GPU } }).navigator.gpu);
  if (!process.env["LODO_WEBGPU"]) return null;
  process.env["VK_ICD_FILENAMES"] ??= SWIFTSHADER;
  const name = "webgpu";
  const { create } = (await import(/* @vite-ignore */ name)) as { create(options: readonly string[]): GPU };
  // Collected while one of its devices lives, it takes the process with it.
  const kept = Object.assign(globalThis, { webGpuInNode: create([]) });
  return openWebGpu(kept.webGpuInNode);
}

const webGpu = await found();
afterAll(() => webGpu?.close());

const rng = createRng(1);
const drawn = (shape: readonly number[], f: (x: number) => number = (x) => x): Strided =>
  tensor(
    Float32Array.from({ length: shape.reduce((a, n) => a * n, 1) }, () => f(rng.uniform() - 0.5)),
    shape,
    { dtype: "float32" },
  ).storage;
const numbers = (x: Strided): Float32Array => x.data as Float32Array;
const absolute = (x: Strided): Strided => tensor(numbers(x).map(Math.abs), x.shape, { dtype: "float64" }).storage;

/** Each product and each addition may be off by ε of its result: see tolerances.ts. */
async function expectProduct(product: Product, kernel: string, a: Strided, b: Strided, rest: readonly unknown[]): Promise<void> {
  const device = webGpu as WebGpu;
  const got = await device.read(device.multiply(product, device.upload(numbers(a)), device.upload(numbers(b))));
  const [expected] = arraysIn(referenceKernel(kernel)(a, b, ...rest)) as [ArrayLike<number>];
  const [sizes] = arraysIn(referenceKernel(kernel)(absolute(a), absolute(b), ...rest)) as [ArrayLike<number>];
  const bound = (1 + epsilon.float32) ** (product.k + 18) - 1;
  expect(got.length).toBe(expected.length);
  got.forEach((value, i) => {
    expect(Math.abs(value - (expected[i] as number))).toBeLessThanOrEqual(bound * (sizes[i] as number));
  });
}

// In a page there is one, or `found` has thrown.
describe("the WebGPU prototype", () => {
  beforeEach(({ skip }) => skip(webGpu === null, "LODO_WEBGPU=1 runs it in Node, where there is a driver for Vulkan"));

  it.each([
    [1, 1, 1],
    [5, 17, 3],
    [64, 16, 64],
    [70, 33, 130],
  ])("multiplies [%i, %i] by [, %i]", async (m, k, n) => {
    await expectProduct(matmulProduct(m, k, n), "matmul", drawn([1, m, k]), drawn([1, k, n]), []);
  });

  it.each<[Extents4, Extents4, Conv2dGeometry]>([
    [[2, 7, 6, 3], [3, 3, 3, 5], { stride: [1, 1], padding: [1, 1, 1, 1], groups: 1 }],
    [[1, 9, 8, 4], [2, 3, 4, 70], { stride: [2, 3], padding: [0, 1, 2, 0], groups: 1 }],
    [[3, 5, 5, 1], [5, 5, 1, 2], { stride: [1, 1], padding: [0, 0, 0, 0], groups: 1 }],
  ])("convolves %j with %j, forward and both gradients", async (image, filter, geometry) => {
    const out = [image[0], ...windowsAlong(image, filter, geometry), filter[3]];
    const { forward, inputGradient, filterGradient } = convolutionProducts(image, filter, geometry);
    const [x, f, ct] = [drawn(image), drawn(filter), drawn(out)];
    await expectProduct(forward, "conv2d", x, f, [geometry]);
    await expectProduct(inputGradient, "conv2dInputGradient", ct, f, [geometry, image]);
    await expectProduct(filterGradient, "conv2dFilterGradient", x, ct, [geometry, filter]);
  });
});
