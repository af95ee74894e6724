import {
  add,
  array,
  createArena,
  createRng,
  dot,
  item,
  layoutOf,
  norm,
  normal,
  type Params,
  ravel,
  type Scalar,
  scale,
  type Tensor,
  tensor,
  tensorsIn,
  uniform,
  type Vector,
  valueAndGrad,
} from "@lodo/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sequence } from "../src/networks/compose.ts";
import { convolution, depthwiseConvolution } from "../src/networks/convolutions.ts";
import { dense } from "../src/networks/dense.ts";
import { imageNetwork } from "../src/networks/imageNetwork.ts";
import { meanCrossEntropy } from "../src/networks/meanCrossEntropy.ts";

/** All that is particular to the paper's network, in small: 7 → 4 pixels, an odd edge on the way. */
const tiny = imageNetwork({ inputs: 2, channels: 2, stages: 3, blocks: 1, classes: 5 });

function tinyBatch(n: number, seed: number) {
  const rng = createRng(seed);
  const images = normal(rng.split("images"), [n, 7, 7, 2]);
  const labels = Int32Array.from({ length: n }, () => rng.integer(5));
  return { images, labels };
}

describe("the network of Section 5.3", () => {
  const weights = imageNetwork().init(createRng(1));
  const { size, slices } = layoutOf(weights);

  it("has 94 696 weights, layer by layer", () => {
    expect(size).toBe(94_696);
    const count = (prefix: string): number =>
      slices.filter(({ path }) => path.startsWith(prefix)).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    expect(count("stem.")).toBe(5 * 20 + 20);
    for (const stage of [1, 2, 3, 4, 5]) {
      for (const block of [1, 2, 3, 4]) {
        const at = `stage${stage}.block${block}`;
        expect(count(`${at}.widen.`)).toBe(20 * 40 + 40);
        expect(count(`${at}.spread.`)).toBe(9 * 40 * 3 + 120);
        expect(count(`${at}.narrow.`)).toBe(120 * 20 + 20);
      }
    }
    expect(count("head.")).toBe(20 * 256 + 256);
    expect(slices).toHaveLength(2 * (1 + 5 * 4 * 3 + 1));
  });

  it("names its layers by what stands before the last dot", () => {
    const layers = new Set(slices.map(({ path }) => path.slice(0, path.lastIndexOf("."))));
    expect(layers.size).toBe(1 + 5 * 4 * 3 + 1);
    expect(slices[0]).toMatchObject({ path: "stem.filter", start: 0, shape: [1, 1, 5, 20] });
    expect(slices.at(-1)).toMatchObject({ path: "head.bias", start: 94_440, shape: [256] });
    expect(new Set(slices.map(({ path }) => path.slice(path.lastIndexOf(".") + 1)))).toEqual(new Set(["filter", "bias", "weights"]));
  });

  it("takes images of 28 × 28 in five channels to logits of 256 levels of grey, in either dtype", () => {
    for (const dtype of ["float64", "float32"] as const) {
      const network = imageNetwork();
      const logits = network.apply(network.init(createRng(2), { dtype }), uniform(createRng(3), [2, 28, 28, 5], { dtype }));
      expect([logits.shape, logits.dtype]).toEqual([[2, 256], dtype]);
      expect(array(logits).every(Number.isFinite)).toBe(true);
    }
  });

  it("sees every visible pixel: each input moves the logits", () => {
    const image = (at: number): Tensor =>
      tensor(
        Float64Array.from({ length: 98 }, (_, i) => (i === at ? 1 : 0)),
        [1, 7, 7, 2],
      );
    const w = tiny.init(createRng(5));
    const base = array(tiny.apply(w, image(-1)));
    for (let at = 0; at < 98; at++) expect(array(tiny.apply(w, image(at)))).not.toEqual(base);
  });
});

describe("LeCun's start", () => {
  /** Mean square of n draws of N(0, v): off v by less than 6 standard deviations √(2/n) v. */
  const varianceIs = (t: Tensor, v: number): void => {
    const numbers = [...array(t)];
    const meanSquare = numbers.reduce((s, x) => s + x * x, 0) / numbers.length;
    expect(Math.abs(meanSquare / v - 1)).toBeLessThan(6 * Math.sqrt(2 / numbers.length));
  };

  it("has variance 1/(fan-in + 1), the bias counting as an input", () => {
    const rng = createRng(6);
    const wide = convolution({ side: 3, from: 8, to: 500 }).init(rng);
    varianceIs(wide.filter, 1 / (9 * 8 + 1));
    varianceIs(wide.bias, 1 / (9 * 8 + 1));
    const spread = depthwiseConvolution({ side: 3, channels: 100, multiplier: 5 }).init(rng);
    varianceIs(spread.filter, 1 / 10);
    varianceIs(spread.bias, 1 / 10);
    const head = dense({ from: 20, to: 500 }).init(rng);
    varianceIs(head.weights, 1 / 21);
    varianceIs(head.bias, 1 / 21);
  });

  it("depends on the seed and the layer's name alone", () => {
    const alone = sequence({ b: dense({ from: 2, to: 3 }) }).init(createRng(7));
    const after = sequence({ a: dense({ from: 2, to: 2 }), b: dense({ from: 2, to: 3 }) }).init(createRng(7));
    expect(array(ravel(alone["b"] as Params).x)).toEqual(array(ravel(after["b"] as Params).x));
    expect(array(ravel(alone).x)).not.toEqual(array(ravel(sequence({ b: dense({ from: 2, to: 3 }) }).init(createRng(8))).x));
  });
});

describe("the loss of a network", () => {
  it("has the gradient of its differences", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (seed) => {
        const start = ravel(tiny.init(createRng(seed)));
        const loss = (x: Vector): Scalar => meanCrossEntropy(tiny, tinyBatch(3, seed))(start.unravel(x));
        const direction = normal(createRng(seed + 1), [start.layout.size]);
        const v = scale(1 / item(norm(direction)), direction);
        const [value, g] = valueAndGrad(loss)(start.x);
        const at = (t: number): number => item(loss(add(start.x, scale(t, v))));
        const slope = (δ: number): number => (8 * (at(δ) - at(-δ)) - (at(2 * δ) - at(-2 * δ))) / (12 * δ);
        const δ = 2 ** -7;
        const [coarse, fine] = [slope(δ), slope(δ / 2)];
        // Truncation is of order δ⁴, so that the coarse slope is off by 16 times as much as the fine one. f is rounded to some hundred ε.
        const tolerance = Math.abs(coarse - fine) + (400 * 2 ** -52 * item(value)) / δ;
        expect(Math.abs(item(dot(g, v)) - fine)).toBeLessThanOrEqual(tolerance);
        expect(tolerance).toBeLessThan(1e-6);
      }),
      { numRuns: 20 },
    );
  });

  it("is that of the whole batch when computed in pieces", () => {
    const batch = tinyBatch(7, 1);
    const w = tiny.init(createRng(1));
    const [value, g] = valueAndGrad(meanCrossEntropy(tiny, batch))(w);
    for (const piece of [1, 3, 7, 8]) {
      const [inPieces, gPieces] = valueAndGrad(meanCrossEntropy(tiny, batch, { piece }))(w);
      // Sums of the same terms, some thousand, in another order.
      expect(Math.abs(item(inPieces) - item(value))).toBeLessThan(1000 * 2 ** -52 * item(value));
      const [a, b] = [array(ravel(g).x), array(ravel(gPieces).x)];
      const size = Math.max(...a.map(Math.abs));
      expect(Math.max(...a.map((x, i) => Math.abs(x - (b[i] as number))))).toBeLessThan(1000 * 2 ** -52 * size);
    }
  });

  it("computed in pieces, takes memory that does not grow with the batch", () => {
    const taken = [4, 16].map((n) => {
      const batch = tinyBatch(n, 2);
      const w = tiny.init(createRng(2));
      const arena = createArena();
      arena.run(() => valueAndGrad(meanCrossEntropy(tiny, batch, { piece: 2 }))(w), tensorsIn);
      const inPieces = arena.pooledBytes;
      const whole = createArena();
      whole.run(() => valueAndGrad(meanCrossEntropy(tiny, batch))(w), tensorsIn);
      return { inPieces, whole: whole.pooledBytes };
    });
    expect(taken[1]?.inPieces).toBe(taken[0]?.inPieces);
    expect(taken[1]?.whole).toBeGreaterThan(2 * (taken[0]?.whole as number));
  });

  it("refuses labels that are not one for each image", () => {
    const { images, labels } = tinyBatch(3, 1);
    expect(() => meanCrossEntropy(tiny, { images, labels: labels.subarray(1) })).toThrow(
      "meanCrossEntropy: expected 3 labels, one for each of [3,7,7,2], got 2",
    );
  });
});
