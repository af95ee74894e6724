import {
  array,
  batchStatistics,
  createRng,
  type Images,
  layoutOf,
  normal,
  type Params,
  reshape,
  slice,
  type Tensor,
  tensor,
  uniform,
  type Vector,
} from "@lodo/tensor";
import { describe, expect, it } from "vitest";
import { ofBatch, type Statistics } from "../src/networks/batchNormalization.ts";
import { fixed, projected } from "../src/networks/compose.ts";
import { heNormal } from "../src/networks/heNormal.ts";
import { linearConvolution } from "../src/networks/linearConvolution.ts";
import { populationStatistics } from "../src/networks/populationStatistics.ts";
import { relu, resNet } from "../src/networks/resNet.ts";

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const size = (weights: Params): number => layoutOf(weights).size;

/** Two stages, both kinds of block. */
const tiny = (statistics: Statistics = ofBatch) => resNet({ width: 2, stages: 2, classes: 3, statistics });
const weights = tiny().init(createRng(1));
const images = (n: number, seed: number): Images => normal(createRng(seed), [n, 6, 5, 3]);

function returned<R>(generator: Generator<unknown, R>): R {
  for (let next = generator.next(); ; next = generator.next()) if (next.done) return next.value;
}

describe("ResNet-18", () => {
  const { slices, size: total } = layoutOf(resNet().init(createRng(1), { dtype: "float32" }));
  const count = (prefix: string): number =>
    slices.filter(({ path }) => path.startsWith(prefix)).reduce((sum, { shape }) => sum + product(shape), 0);

  it("has 11 173 962 weights, layer by layer: biases in the last alone", () => {
    const normalized = (side: number, from: number, to: number): number => side ** 2 * from * to + 2 * to;
    expect(count("stem.")).toBe(normalized(3, 3, 64));
    for (const [stage, to] of [64, 128, 256, 512].entries()) {
      const from = stage === 0 ? 64 : to / 2;
      const projection = stage === 0 ? 0 : normalized(1, from, to);
      expect(count(`stage${stage + 1}.block1.`)).toBe(normalized(3, from, to) + normalized(3, to, to) + projection);
      expect(count(`stage${stage + 1}.block2.`)).toBe(2 * normalized(3, to, to));
    }
    expect(count("head.")).toBe(512 * 10 + 10);
    expect(total).toBe(11_173_962);
    // 20 convolutions, each with its normalisation, and the last layer: 18 of them and three projections.
    expect(slices).toHaveLength(3 * 20 + 2);
    expect(slices.filter(({ path }) => path.endsWith("bias")).map(({ path }) => path)).toEqual(["head.bias"]);
  });

  it("takes images to logits, in either dtype, at any width", () => {
    for (const [width, dtype] of [
      [1, "float64"],
      [3, "float32"],
    ] as const) {
      const network = resNet({ width });
      const logits = network.apply(network.init(createRng(2), { dtype }), uniform(createRng(3), [2, 32, 32, 3], { dtype }));
      expect([logits.shape, logits.dtype]).toEqual([[2, 10], dtype]);
      expect(array(logits).every(Number.isFinite)).toBe(true);
    }
  });

  it("halves the image at each stage after the first, an odd extent rounded up", () => {
    const seen: Record<string, readonly number[]> = {};
    const noting: Statistics = (layer, x) => {
      seen[layer] = x.shape;
      return batchStatistics(x);
    };
    resNet({ width: 1, statistics: noting }).apply(resNet({ width: 1 }).init(createRng(1)), normal(createRng(2), [1, 9, 32, 3]));
    expect(seen["stem.normalize"]).toEqual([1, 9, 32, 1]);
    expect(seen["stage1.block2.join.normalize2"]).toEqual([1, 9, 32, 1]);
    expect(seen["stage2.block1.join.body.normalize1"]).toEqual([1, 5, 16, 2]);
    expect(seen["stage2.block1.join.shortcut.normalize"]).toEqual([1, 5, 16, 2]);
    expect(seen["stage4.block2.join.normalize2"]).toEqual([1, 2, 4, 8]);
    const scales = slices.filter(({ path }) => path.endsWith(".scale")).map(({ path }) => path.slice(0, path.lastIndexOf(".")));
    expect(Object.keys(seen).sort()).toEqual(scales.sort());
  });

  it("in float64 does not change with the scale of what is normalised, nor of a channel's filter", () => {
    const x = images(4, 3);
    const before = array(tiny().apply(weights, x));
    const stem = weights["stem"] as { readonly convolve: { readonly filter: Tensor } };
    const scaled = {
      ...weights,
      stem: {
        ...stem,
        convolve: {
          filter: tensor(
            array(stem.convolve.filter).map((f) => 1000 * f),
            [3, 3, 3, 2],
          ),
        },
      },
    };
    const after = array(tiny().apply(scaled, x));
    const size = Math.max(...before.map(Math.abs));
    // The 1e-5 beside a variance of about 1 is not scaled with it: half of that is what a normalised number is off by.
    for (const [i, logit] of after.entries()) expect(Math.abs(logit - (before[i] as number))).toBeLessThan(1e-5 * size);
    expect(size).toBeGreaterThan(0.1);
  });
});

describe("its layers", () => {
  it("cut off below zero", () => {
    expect([...array(relu(tensor([-2, 0, 3], [3])))]).toEqual([0, 0, 3]);
  });

  it("start with variance 2/fan-in", () => {
    const numbers = Array.from(array(heNormal(createRng(4), { shape: [3, 3, 20, 100], fanIn: 180 })));
    const meanSquare = numbers.reduce((s, x) => s + x * x, 0) / numbers.length;
    // A mean of n squares of N(0, v) deviates from v by √(2/n) v.
    expect(Math.abs(meanSquare * 90 - 1)).toBeLessThan(6 * Math.sqrt(2 / numbers.length));
  });

  it("convolve with windows about the pixels that a stride leaves", () => {
    const x = normal(createRng(5), [2, 5, 4, 1]);
    const middle = tensor([0, 0, 0, 0, 1, 0, 0, 0, 0], [3, 3, 1, 1]);
    const wide = linearConvolution({ side: 3, from: 1, to: 1, stride: 2 }).apply({ filter: middle }, x);
    expect(wide.shape).toEqual([2, 3, 2, 1]);
    expect(array(wide)).toEqual(array(slice(x, { step: [1, 2, 2, 1] })));
    const narrow = linearConvolution({ side: 1, from: 1, to: 1, stride: 2 }).apply({ filter: tensor([1], [1, 1, 1, 1]) }, x);
    expect(array(narrow)).toEqual(array(wide));
  });

  it("add a shortcut of the same input", () => {
    const layer = projected({ body: fixed((x) => reshape(x, [2])), shortcut: fixed(() => tensor([10, 20], [2])) });
    expect([...array(layer.apply(layer.init(createRng(1)), tensor([1, 2], [1, 2])))]).toEqual([11, 22]);
    expect(size(layer.init(createRng(1)))).toBe(0);
  });
});

describe("statistics for an evaluation", () => {
  const batches = [images(4, 6), images(4, 7), images(4, 8)];
  const statistics = returned(
    populationStatistics(
      tiny,
      weights,
      batches.map((batch) => () => batch),
    ),
  );

  it("are of one batch those of the batch, with its logits", () => {
    const [batch] = batches as [Images];
    const alone = returned(populationStatistics(tiny, weights, [() => batch]));
    const [fixedAt, own] = [tiny(alone).apply(weights, batch), tiny().apply(weights, batch)].map((logits) => array(logits));
    expect(fixedAt).toEqual(own);
  });

  it("are in the first layer those of all batches together", () => {
    const all = tensor(
      batches.flatMap((batch) => [...array(batch)]),
      [12, 6, 5, 3],
    );
    const stem = weights["stem"] as { readonly convolve: { readonly filter: Tensor } };
    const expected = batchStatistics(linearConvolution({ side: 3, from: 3, to: 2 }).apply(stem.convolve, all));
    const got = statistics("stem.normalize", all);
    for (const key of ["mean", "variance"] as const) {
      const [a, b] = [array(got[key]), array(expected[key])] as [ArrayLike<number>, ArrayLike<number>];
      // Sums of 360 numbers of size 1, in another order.
      for (let c = 0; c < 2; c++) expect(Math.abs((a[c] as number) - (b[c] as number))).toBeLessThan(360 * 8 * 2 ** -52);
    }
  });

  it("make an image's logits independent of the batch that it is in", () => {
    const x = images(5, 9);
    const network = tiny(statistics);
    const together = array(network.apply(weights, x));
    for (let i = 0; i < 5; i++) {
      const alone = array(network.apply(weights, slice(x, { start: [i, 0, 0, 0], stop: [i + 1, 6, 5, 3] })));
      expect([...alone]).toEqual([...together.subarray(3 * i, 3 * i + 3)]);
    }
    // In training they are not.
    const first = slice(x, { start: [0, 0, 0, 0], stop: [1, 6, 5, 3] });
    expect([...array(tiny().apply(weights, first))]).not.toEqual([...array(tiny().apply(weights, x)).subarray(0, 3)]);
  });

  it("are of the weights' dtype", () => {
    const single = tiny().init(createRng(1), { dtype: "float32" });
    const batch = normal(createRng(2), [2, 6, 5, 3], { dtype: "float32" });
    const { mean } = returned(populationStatistics(tiny, single, [() => batch]))("stem.normalize", batch) as { readonly mean: Vector };
    expect(mean.dtype).toBe("float32");
  });
});
