import { afterAll, describe, expect, it } from "vitest";
import { gpu, gpuCases, network, tensor, testkit } from "./bundle.ts";

const { array, map, cast, tensorsIn, valueAndGrad, withBackend } = tensor;

// Minified: kernels are text, and gpu.js arrives as a chunk of its own.
const backend = await gpu.gpu({ breakEven: 0 });
afterAll(() => backend.close());

describe("the GPU backend", () => {
  it("runs in WebGL2, and says on what", () => {
    expect([backend.mode, backend.software]).toEqual(["webgl2", true]);
    expect(backend.renderer).toMatch(/SwiftShader/);
  });

  for (const cases of gpuCases)
    it(`${cases.kernel} agrees with its reference`, () => {
      const before = backend.counts.passes;
      expect(testkit.expectKernel(backend, cases, { runs: 5 })).toBeGreaterThan(0);
      expect(backend.counts.passes).toBeGreaterThan(before);
    });

  it("has the loss and gradient of a network of whole numbers exactly", () => {
    const { parameters, batch } = network.drawn(network.whole(1), "float32");
    const step = (data: typeof batch, weights: typeof parameters): number[] =>
      tensorsIn(valueAndGrad(network.lossOf(data, network.rectified))(weights)).flatMap((t) => Array.from(array(t), (x) => x + 0));
    const doubled = <T>(tree: T): T => map((x) => cast(x, "float64"), tree as never) as T;
    const { reads } = backend.counts;
    expect(withBackend(backend, () => step(batch, parameters))).toEqual(step(doubled(batch), doubled(parameters)));
    expect(backend.counts.reads - reads).toBe(1 + tensorsIn(parameters).length);
  });
});
