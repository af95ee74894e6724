import { abs, array, cast, createArena, epsilon, map, neg, type Tensor, tensorsIn, valueAndGrad, withBackend } from "@lodo/tensor";
import { afterAll, describe, expect, it } from "vitest";
import { contexts } from "./contexts.ts";
import { type Activation, arctan, type Batch, continuous, drawn, lossOf, type Parameters, rectified, whole } from "./network.ts";

const gpus = await contexts({ breakEven: 0 });
afterAll(() => Promise.all(gpus.map((backend) => backend.close())));

const step = (batch: Batch, bend: Activation, parameters: Parameters) => valueAndGrad(lossOf(batch, bend))(parameters);
const doubled = <T extends Parameters | Batch>(tree: T): T => map((x: Tensor) => cast(x, "float64"), tree as never) as T;
/** Without the signs of zeros, which depend on the order of sums. */
const numbers = (result: unknown): number[] => tensorsIn(result).flatMap((t) => Array.from(array(t), (x) => x + 0));

/** Roundings on the longest way through the network and back: the terms of each sum on it, and a few for each other operation. */
const ROUNDINGS = 36 + 9 + 8 + 96 + 20 + (8 + 64 + 256 + 18 + 256) + 50;
/** Of the slope of arctan. */
const LIPSCHITZ = 0.65;

for (const backend of gpus) {
  describe(`a convolutional network, ${backend.mode}`, () => {
    it("of whole numbers has exactly the loss and gradient that it has in float64", () => {
      for (const seed of [1, 2, 3]) {
        const { parameters, batch } = drawn(whole(seed), "float32");
        const got = withBackend(backend, () => numbers(step(batch, rectified, parameters)));
        expect(got).toEqual(numbers(step(doubled(batch), rectified, doubled(parameters))));
      }
    });

    it("has a gradient within the rounding of its sums", () => {
      const { parameters, batch } = drawn(continuous(4), "float32");
      const [exactly, weights] = [doubled(batch), doubled(parameters)];
      const expected = numbers(step(exactly, arctan, weights));
      // With every number made positive and no bending, the same sums add the sizes of their terms.
      const positive = <T>(tree: T): T => map(abs, tree as never) as T;
      let largest = 0;
      const measured: Activation = (x) => {
        if (!x.trace) largest = Math.max(largest, ...array(x));
        return x;
      };
      const opposed = { ...positive(exactly), targets: neg(abs(exactly.targets)) };
      lossOf(opposed, measured)(positive(weights));
      const sizes = numbers(step(opposed, (x) => x, positive(weights)));
      // A pre-activation is off by its share of roundings, and the slope there by LIPSCHITZ times that, in each of three layers.
      const bound = ((1 + epsilon.float32) ** ROUNDINGS - 1) * (1 + 3 * LIPSCHITZ * largest);
      const got = withBackend(backend, () => numbers(step(batch, arctan, parameters)));
      expect(got.length).toBe(expected.length);
      got.forEach((value, i) => {
        expect(Math.abs(value - (expected[i] as number))).toBeLessThanOrEqual(bound * (sizes[i] as number));
      });
    });

    it("is read from the device at its loss and gradient, and nowhere else, and its textures are used again", () => {
      const { parameters, batch } = drawn(continuous(5), "float32");
      const arena = createArena();
      const run = (): void => {
        const before = { ...backend.counts };
        withBackend(backend, () =>
          arena.run(
            () => void numbers(step(batch, arctan, parameters)),
            () => [],
          ),
        );
        expect(backend.counts.reads - before.reads).toBe(1 + tensorsIn(parameters).length);
      };
      run();
      run();
      const { bytes } = backend;
      for (let i = 0; i < 5; i++) run();
      expect(backend.bytes).toBe(bytes);
    });
  });
}
