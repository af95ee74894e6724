import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  array,
  avgPool2d,
  avgPool2dGradient,
  epsilon,
  grad,
  type Images,
  max,
  maxPool2d,
  mean,
  mul,
  neg,
  type PoolOptions,
  reshape,
  sum,
  type Tensor,
  tensor,
  vjp,
} from "../src/index.ts";
import { inner, whole } from "./images.ts";

const extent = fc.integer({ min: 1, max: 5 });
const pair = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }));

/** Images, and a window that fits on them with padding narrower than itself. */
const pools: fc.Arbitrary<{ readonly x: Images; readonly options: PoolOptions }> = fc
  .tuple(fc.tuple(fc.integer({ min: 0, max: 2 }), extent, extent, fc.integer({ min: 1, max: 2 })), pair, pair)
  .chain(([shape, window, stride]) => {
    const side = (d: 0 | 1) => {
      const widest = fc.integer({ min: 0, max: window[d] - 1 });
      return fc
        .tuple(widest, widest)
        .map((s) => (s[0] + s[1] + (shape[d + 1] as number) < window[d] ? ([window[d] - 1, window[d] - 1] as [number, number]) : s));
    };
    const padding = fc.oneof(fc.constant("same" as const), fc.tuple(side(0), side(1)));
    return fc.record({ x: whole(shape), options: padding.map((p) => ({ window, stride, padding: p })) });
  });

const ofOnes = ({ shape }: Tensor): Images => tensor(new Float64Array(shape.reduce((p, q) => p * q, 1)).fill(1), shape) as Tensor as Images;

describe("avgPool2d", () => {
  it("of ones is ones, for padding is not counted", () => {
    fc.assert(
      fc.property(pools, ({ x, options }) => {
        const y = avgPool2d(ofOnes(x), options);
        expect(array(y).every((v) => v === 1)).toBe(true);
      }),
    );
  });

  it("gives ⌈extent / stride⌉ places under 'same'", () => {
    fc.assert(
      fc.property(pools, ({ x, options: { window, stride } }) => {
        const [sy, sx] = stride as readonly [number, number];
        const [n, h, w, c] = x.shape;
        expect(avgPool2d(x, { window, stride: [sy, sx], padding: "same" }).shape).toEqual([n, Math.ceil(h / sy), Math.ceil(w / sx), c]);
      }),
    );
  });

  // Each side is a sum of at most 2 · 25 · 2 · 9 terms, whole numbers up to 16 divided by a count.
  it("has the transpose that its gradient is", () => {
    fc.assert(
      fc.property(
        pools.chain((c) => whole(avgPool2d(c.x, c.options).shape).map((ct) => ({ ...c, ct: ct as Images }))),
        ({ x, options, ct }) => {
          const [left, right] = [inner(avgPool2d(x, options), ct), inner(x, avgPool2dGradient(ct, x.shape, options))];
          expect(Math.abs(left - right)).toBeLessThanOrEqual(900 * epsilon.float64 * 900 * 16);
        },
      ),
    );
  });

  it("of tiles is the mean over them", () => {
    fc.assert(
      fc.property(whole([2, 4, 6, 3]), (x) => {
        const tiles = mean(reshape(x, [2, 2, 2, 3, 2, 3]), { axes: [2, 4] });
        expect(array(avgPool2d(x, { window: 2 }))).toEqual(array(tiles));
      }),
    );
  });

  it("sums in float64 where the numbers are float32", () => {
    const x = tensor([2 ** 24, 1, 1, -(2 ** 24)], [1, 2, 2, 1], { dtype: "float32" });
    expect(array(avgPool2d(x, { window: 2 }))).toEqual(Float32Array.of(0.5));
  });
});

describe("maxPool2d", () => {
  it("of tiles is the maximum over them", () => {
    fc.assert(
      fc.property(whole([2, 4, 6, 3]), (x) => {
        expect(array(maxPool2d(x, { window: 2 }))).toEqual(array(max(reshape(x, [2, 2, 2, 3, 2, 3]), { axes: [2, 4] })));
      }),
    );
  });

  it("lies between the mean and the largest number, so that padding never wins", () => {
    fc.assert(
      fc.property(pools, ({ x, options }) => {
        fc.pre(x.size > 0);
        const below = neg(mul(x, x)); // at most 0, which padding with zeros would beat
        const [y, average] = [array(maxPool2d(below, options)), array(avgPool2d(below, options))];
        const top = Math.max(...array(below));
        y.forEach((v, i) => {
          expect(v).toBeGreaterThanOrEqual(average[i] as number); // one rounding of an exact sum keeps the order
          expect(v).toBeLessThanOrEqual(top);
        });
      }),
    );
  });

  it("gives the whole cotangent of a window to one element that is its maximum, the first in raster order", () => {
    fc.assert(
      fc.property(pools, ({ x, options }) => {
        const [y, pullback] = vjp((z: Images) => maxPool2d(z, options), x);
        const taken = pullback(ofOnes(y));
        expect(inner(taken, ofOnes(taken))).toBe(y.size);
        expect(inner(taken, x)).toBe(inner(y, ofOnes(y)));
      }),
    );
    const ties = tensor([1, 2, 2, 0, 2, 2], [1, 2, 3, 1]);
    expect(array(grad((x: Images) => sum(maxPool2d(x, { window: [2, 3] })))(ties))).toEqual(Float64Array.of(0, 1, 0, 0, 0, 0));
  });

  it("is the first NaN of a window that has one, and leaves other windows alone", () => {
    const x = tensor([5, Number.NaN, Number.NaN, 1, 2, 3], [1, 1, 6, 1]);
    expect(array(maxPool2d(x, { window: [1, 3] }))).toEqual(Float64Array.of(Number.NaN, 3));
    expect(array(grad((z: Images) => sum(maxPool2d(z, { window: [1, 3] })))(x))).toEqual(Float64Array.of(0, 1, 0, 0, 0, 1));
  });

  it("of −∞ alone is −∞, at the first place", () => {
    const x = tensor(new Float64Array(4).fill(Number.NEGATIVE_INFINITY), [1, 2, 2, 1]);
    expect(
      array(
        maxPool2d(x, {
          window: 2,
          padding: [
            [1, 0],
            [1, 0],
          ],
          stride: 2,
        }),
      ),
    ).toEqual(Float64Array.of(Number.NEGATIVE_INFINITY));
    expect(array(grad((z: Images) => sum(maxPool2d(z, { window: 2 })))(x))).toEqual(Float64Array.of(1, 0, 0, 0));
  });
});

describe("a pool's windows", () => {
  it("tile the image unless a stride is given", () => {
    const x = tensor(
      Float64Array.from({ length: 24 }, (_, i) => i),
      [1, 4, 6, 1],
    );
    expect(avgPool2d(x, { window: [2, 3] }).shape).toEqual([1, 2, 2, 1]);
    expect(avgPool2d(x, { window: [2, 3], stride: 1 }).shape).toEqual([1, 3, 4, 1]);
  });
});
