import {
  array,
  avgPool2d,
  avgPool2dGradient,
  BackendError,
  concat,
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
  createArena,
  createRng,
  type DType,
  depthwiseConv2d,
  depthwiseConv2dFilterGradient,
  depthwiseConv2dInputGradient,
  type Images,
  maxPool2d,
  normal,
  slice,
  withBackend,
} from "@lodo/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simd } from "../src/index.ts";

const backend = await simd({ memory: 2 ** 25 });

const padding = "same";
const [m, co] = [3, 5];

/** Maps of images alone, whatever else is in the batch; `c` channels of `side` × `side` pixels. */
const maps = (c: number, dtype: DType, stride: number): Readonly<Record<string, (x: Images) => Images>> => {
  const rng = createRng(7);
  const filter = normal(rng, [3, 3, c, co], { dtype });
  const taps = normal(rng, [3, 3, c, m], { dtype });
  const flipped = normal(rng, [3, 3, co, c], { dtype });
  const shared = normal(rng, [3, 3, c, 1], { dtype });
  const upwards = ({ shape: [n, h, w] }: Images, channels: number) => [n, h * stride, w * stride, channels] as const;
  return {
    conv2d: (x) => conv2d(x, filter, { stride, padding }),
    conv2dInputGradient: (x) => conv2dInputGradient(x, flipped, upwards(x, co), { stride, padding }),
    depthwiseConv2d: (x) => depthwiseConv2d(x, taps, { stride, padding }),
    depthwiseConv2dInputGradient: (x) => depthwiseConv2dInputGradient(x, shared, upwards(x, c), { stride, padding }),
    avgPool2d: (x) => avgPool2d(x, { window: 2, stride, padding }),
    avgPool2dGradient: (x) => avgPool2dGradient(x, upwards(x, c), { window: 2, stride, padding }),
    maxPool2d: (x) => maxPool2d(x, { window: 2, stride, padding }),
  };
};

describe("what becomes of an image does not depend on its batch, to the bit", () => {
  for (const name of Object.keys(maps(1, "float64", 1))) {
    it(name, () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 2, max: 5 }),
          fc.integer({ min: 1, max: 13 }),
          fc.integer({ min: 1, max: 6 }),
          fc.constantFrom<DType>("float32", "float64"),
          fc.constantFrom(1, 2),
          fc.integer({ min: 0 }),
          (n, side, c, dtype, stride, seed) => {
            const f = maps(c, dtype, stride)[name] as (x: Images) => Images;
            const x: Images = normal(createRng(seed), [n, side, side, c], { dtype });
            withBackend(backend, () => {
              const alone = Array.from({ length: n }, (_, b) => f(slice(x, { start: [b, 0, 0, 0], stop: [b + 1, side, side, c] })));
              expect(array(f(x))).toEqual(array(concat(alone, { axis: 0 })));
            });
          },
        ),
        { numRuns: 50 },
      );
    });
  }
});

describe("scratch does not grow with the batch", () => {
  const [n, side, c] = [512, 8, 8];
  const inputShape = [n, side, side, c] as const;
  const options = { dtype: "float32" } as const;
  const around = { padding } as const;
  const filter = normal(createRng(1), [3, 3, c, c], options);
  const taps = normal(createRng(2), [3, 3, c, 1], options);
  const calls: Readonly<Record<string, (x: Images, ct: Images) => unknown>> = {
    conv2d: (x) => conv2d(x, filter, around),
    conv2dInputGradient: (_, ct) => conv2dInputGradient(ct, filter, inputShape, around),
    conv2dFilterGradient: (x, ct) => conv2dFilterGradient(x, ct, filter.shape, around),
    depthwiseConv2d: (x) => depthwiseConv2d(x, taps, around),
    depthwiseConv2dInputGradient: (_, ct) => depthwiseConv2dInputGradient(ct, taps, inputShape, around),
    depthwiseConv2dFilterGradient: (x, ct) => depthwiseConv2dFilterGradient(x, ct, taps.shape, around),
  };
  for (const [name, call] of Object.entries(calls)) {
    it(name, async () => {
      // Three batches of 1 MiB, and not as much again.
      const small = await simd({ memory: 3.5 * 2 ** 20 });
      withBackend(small, () => {
        const arena = createArena();
        arena.run(
          () => {
            const [x, ct] = [normal(createRng(3), inputShape, options), normal(createRng(4), inputShape, options)];
            call(x, ct);
            // It would not fit twice.
            expect(() => [x, ct].map((images) => concat([images, images], { axis: 0 }))).toThrow(BackendError);
          },
          () => [],
        );
      });
    });
  }
});
