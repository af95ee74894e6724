import { descend, momentum } from "@lodo/optim";
import { array, createRng, item, mean, portable, type Rng, type Tensor, tensor, useBackend, type Vector } from "@lodo/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openBackend } from "../src/backends/openBackend.ts";
import { datasetNamed } from "../src/data/datasets.ts";
import { findSplit } from "../src/data/disk/find.ts";
import { loadImages } from "../src/data/disk/loadImages.ts";
import { candidateFolders, surroundings } from "../src/data/disk/places.ts";
import type { LabelledPixels } from "../src/data/labelledPixels.ts";
import { ofBatch, type Statistics } from "../src/networks/batchNormalization.ts";
import type { Layer } from "../src/networks/layer.ts";
import { resNet } from "../src/networks/resNet.ts";
import { advance, begin, streams } from "../src/simulation.ts";
import { channelMoments } from "../src/tasks/imageClassification/channelMoments.ts";
import { cropImages, drawCrops, PADDING, whole } from "../src/tasks/imageClassification/crops.ts";
import { type ImageClassification, imageClassification } from "../src/tasks/imageClassification/imageClassification.ts";
import { madeUpColours } from "../src/tasks/imageClassification/images.ts";
import { judge } from "../src/tasks/imageClassification/judge.ts";
import type { Metric, Sampling } from "../src/tasks/task.ts";
import { withArena } from "../src/withArena.ts";
import { pixels } from "./dataFiles.ts";

function drain<T, R>(generator: Generator<T, R>): { readonly result: R; readonly yielded: readonly T[] } {
  const yielded: T[] = [];
  for (let next = generator.next(); ; next = generator.next()) {
    if (next.done) return { result: next.value, yielded };
    yielded.push(next.value);
  }
}

const evaluate = (task: ImageClassification, x: Vector, sampling: Sampling): readonly Metric[] =>
  drain((task.evaluate as NonNullable<typeof task.evaluate>)(x, sampling)).result;

const untouched = { mean: [0, 0, 0], deviation: [1, 1, 1] };
const made = madeUpColours(6, 5, 3);
const tiny = (statistics: Statistics) => resNet({ width: 2, stages: 2, blocks: 1, classes: 3, statistics });
const tinyTask = (train: LabelledPixels = made.train, penalty = 1e-4, test = made.test): ImageClassification =>
  imageClassification({ train, test }, { batch: 4, classes: 3, penalty, network: tiny, estimatedFrom: 8, dtype: "float64" });

describe("crops", () => {
  const extent = fc.integer({ min: 1, max: 5 });
  const cases = pixels(extent, extent, 3, 3).chain((some) =>
    fc.tuple(
      fc.constant(some as LabelledPixels),
      fc.record({ image: fc.nat(some.shape[0] - 1), row: fc.nat(8), column: fc.nat(8), flipped: fc.boolean() }),
    ),
  );

  it("are cut out of the padded image, and then mirrored", () => {
    fc.assert(
      fc.property(cases, ([some, crop]) => {
        const [, h, w] = some.shape;
        /** Rows of pixels, four black ones on every side. */
        const padded = Array.from({ length: h + 8 }, (_, r) =>
          Array.from({ length: w + 8 }, (_, c) => {
            if (r < 4 || r >= h + 4 || c < 4 || c >= w + 4) return [0, 0, 0];
            const at = ((crop.image * h + r - 4) * w + c - 4) * 3;
            return [...some.images.subarray(at, at + 3)];
          }),
        );
        const cut = padded.slice(crop.row, crop.row + h).map((row) => row.slice(crop.column, crop.column + w));
        const expected = crop.flipped ? cut.map((row) => row.reverse()) : cut;
        const { images: x, labels } = cropImages(some, [crop, whole(0)], untouched, {});
        expect(x.shape).toEqual([2, h, w, 3]);
        expect([...array(x).subarray(0, h * w * 3)]).toEqual(expected.flat(2));
        expect([...array(x).subarray(h * w * 3)]).toEqual([...some.images.subarray(0, h * w * 3)]);
        expect([...labels]).toEqual([some.labels[crop.image], some.labels[0]]);
      }),
      { numRuns: 100 },
    );
  });

  it("are drawn uniformly, in every part independently", () => {
    const n = 20_000;
    const crops = drawCrops(createRng(1), made.train, n);
    const shares = (of: (crop: (typeof crops)[number]) => number, kinds: number): void => {
      for (let kind = 0; kind < kinds; kind++) {
        const count = crops.filter((crop) => of(crop) === kind).length;
        // A binomial count's deviation; of some 80 counts one is off by 5 of them with probability 5e-5.
        expect(Math.abs(count - n / kinds)).toBeLessThan(5 * Math.sqrt((n / kinds) * (1 - 1 / kinds)));
      }
    };
    shares(({ image }) => image, 6);
    shares(({ row }) => row, 2 * PADDING + 1);
    shares(({ column }) => column, 2 * PADDING + 1);
    shares(({ flipped }) => (flipped ? 1 : 0), 2);
    shares(({ row, flipped }) => 2 * row + (flipped ? 1 : 0), 18);
    shares(({ image, column }) => 9 * image + column, 54);
    expect(drawCrops(createRng(1), made.train, 5)).toEqual(crops.slice(0, 5));
  });

  it("refuse an image or a place that is not there", () => {
    const cut = (crop: object) => () => cropImages(made.train, [{ ...whole(0), ...crop }], untouched, {});
    expect(cut({ image: 6 })).toThrow("cropImages: image must be an integer from 0 to 5, got 6");
    expect(cut({ row: 9 })).toThrow("cropImages: row must be an integer from 0 to 8, got 9");
    expect(cut({ column: -1 })).toThrow("cropImages: column must be an integer from 0 to 8, got -1");
  });
});

describe("normalisation by channel", () => {
  it("leaves mean 0 and deviation 1 in every channel, and a channel of one number at 0", () => {
    const flat = { ...made.train, images: made.train.images.map((p, i) => (i % 3 === 1 ? 7 : p)) };
    const moments = channelMoments(flat);
    expect(moments.mean[1]).toBe(7);
    const all = Array.from({ length: 6 }, (_, i) => whole(i));
    const values = Array.from(array(cropImages(flat, all, moments, {}).images));
    for (const [channel, deviation] of [1, 0, 1].entries()) {
      const numbers = values.filter((_, i) => i % 3 === channel);
      expect(numbers.reduce((a, b) => a + b) / numbers.length).toBeCloseTo(0, 12);
      expect(Math.sqrt(numbers.reduce((a, b) => a + b * b, 0) / numbers.length)).toBeCloseTo(deviation, 12);
    }
  });
});

describe("judging", () => {
  /** Logits that are an image's first three numbers. */
  const first: Layer = {
    init: () => ({ w: tensor([0], [1]) }),
    apply: (_, x) => {
      const [n] = x.shape as readonly [number];
      const stride = x.size / n;
      const numbers = array(x);
      return tensor(Array.from({ length: n }, (_, i) => [...numbers.subarray(i * stride, i * stride + 3)]).flat(), [n, 3]);
    },
  };
  const weights = first.init(createRng(1));
  const some: LabelledPixels = {
    images: Uint8Array.of(1, 0, 0, 0, 2, 1, 3, 3, 0, 0, 0, 1),
    shape: [4, 1, 1, 3],
    labels: Uint8Array.of(0, 2, 0, 2),
  };
  const losses = [
    [1, 0, 0],
    [0, 2, 1],
    [3, 3, 0],
    [0, 0, 1],
  ].map((logits, i) => portable.log(logits.reduce((sum, z) => sum + portable.exp(z), 0)) - (logits[some.labels[i] as number] as number));

  it.each([1, 3, 4])("means losses and hits, a tie being none, %i at a time", (piece) => {
    const { result, yielded } = drain(judge(first, weights, some, { which: [0, 1, 2, 3], moments: untouched, piece }));
    expect(result.loss.mean).toBeCloseTo(losses.reduce((a, b) => a + b) / 4, 14);
    expect([result.accuracy.mean, result.accuracy.count]).toEqual([0.5, 4]);
    // Two ones and two zeros: √(4 · ¼ / 3 / 4).
    expect(result.accuracy.standardError).toBeCloseTo(Math.sqrt(1 / 12), 14);
    expect([yielded.length, yielded.at(-1)]).toEqual([Math.ceil(4 / piece), 4]);
  });

  it("counts what is no number as missed", () => {
    const none: Layer = {
      ...first,
      apply: (_, x) => tensor(new Float64Array(3 * (x.shape[0] as number)).fill(Number.NaN), [x.shape[0] as number, 3]),
    };
    const { result } = drain(judge(none, weights, some, { which: [0, 1, 2, 3], moments: untouched, piece: 2 }));
    expect(result.accuracy.mean).toBe(0);
  });
});

describe("the task", () => {
  const { x } = tinyTask().init(createRng(3));

  it("draws crops from its generator alone, and penalises all of x", () => {
    const loss = (seed: number, penalty = 1e-4): number =>
      item(tinyTask(made.train, penalty).draw(null, createRng(seed))[0].value(x) as Tensor<[]>);
    expect(loss(1)).toBe(loss(1));
    expect(loss(1)).not.toBe(loss(2));
    const squares = Array.from(array(x)).reduce((sum, w) => sum + w * w, 0);
    expect(loss(1, 0.5) - loss(1, 0.25)).toBeCloseTo(0.25 * squares, 10);
  });

  it("loses the mean cross-entropy of the crops drawn, normalised as the training images are, and the penalty", () => {
    const task = tinyTask();
    const data = cropImages(made.train, drawCrops(createRng(5), made.train, 4), channelMoments(made.train), {});
    const logits = [...array(task.network(ofBatch).apply(task.weights(x), data.images))];
    const crossEntropies = Array.from(data.labels, (label, i) => {
      const row = logits.slice(3 * i, 3 * (i + 1));
      return portable.log(row.reduce((sum, z) => sum + portable.exp(z), 0)) - (row[label] as number);
    });
    const squares = Array.from(array(x)).reduce((sum, w) => sum + w * w, 0);
    const expected = crossEntropies.reduce((a, b) => a + b) / 4 + 1e-4 * squares;
    const loss = item(task.draw(null, createRng(5))[0].value(x));
    // The same logits; from there on some dozen roundings, and x.size of the penalty's small sum.
    expect(Math.abs(loss - expected)).toBeLessThan((50 * expected + x.size * 1e-4 * squares) * 2 ** -52);
  });

  it("is judged by the test images, with statistics of training images: a function of x alone", () => {
    const task = tinyTask();
    const once = evaluate(task, x, "everything");
    expect(once.map(({ name, standardError, examples }) => [name, standardError, examples])).toEqual([
      ["test loss", 0, 6],
      ["test accuracy", 0, 6],
    ]);
    task.draw(null, createRng(9))[0].value(x);
    expect(evaluate(task, x, "everything")).toEqual(once);
    expect(evaluate(tinyTask(), x, "everything")).toEqual(once);
    const others = { ...made.train, images: made.train.images.map((p, i) => (i % 2 === 0 ? p : 255 - p)) };
    expect(evaluate(tinyTask(others), x, "everything")).not.toEqual(once);
  });

  it("judges each test image by itself: their order makes no difference", () => {
    const order = [5, 4, 3, 2, 1, 0];
    const size = 5 * 5 * 3;
    const test = {
      ...made.test,
      images: Uint8Array.from(order.flatMap((i) => [...made.test.images.subarray(i * size, (i + 1) * size)])),
      labels: Uint8Array.from(order, (i) => made.test.labels[i] as number),
    };
    const [there] = evaluate(tinyTask(), x, "everything") as [Metric];
    const [back] = evaluate(tinyTask(made.train, 1e-4, test), x, "everything") as [Metric];
    // Six losses of size 1, summed in another order.
    expect(Math.abs(back.mean - there.mean)).toBeLessThan(6 * 2 ** -52 * there.mean);
  });

  it("judged by draws comes near to what all images say, and by the same ones every time", () => {
    const [all] = evaluate(tinyTask(), x, "everything") as [Metric];
    const drawn = evaluate(tinyTask(), x, { draws: 500 });
    const [loss, accuracy] = drawn as [Metric, Metric];
    expect([loss.examples, accuracy.examples]).toEqual([500, 500]);
    expect(Math.abs(loss.mean - all.mean)).toBeLessThan(5 * loss.standardError);
    expect(evaluate(tinyTask(), x, { draws: 500 })).toEqual(drawn);
  });

  it("says how far an evaluation has come", () => {
    const { yielded } = drain((tinyTask().evaluate as NonNullable<ImageClassification["evaluate"]>)(x, "everything"));
    expect(yielded.map(({ done }) => done)).toEqual([4, 8, 12, 14]);
    expect(new Set(yielded.map(({ total }) => total))).toEqual(new Set([14]));
  });

  it("refuses data that do not fit", () => {
    const none = { images: new Uint8Array(0), shape: [0, 5, 5, 3], labels: new Uint8Array(0) } as const;
    expect(() => tinyTask(none)).toThrow("image-classification: expected training images, got none");
    expect(() => tinyTask({ ...made.train, labels: new Uint8Array(5) })).toThrow(
      "image-classification: expected pixels and labels of training images [6,5,5,3], got 450 and 5",
    );
    expect(() => tinyTask(madeUpColours(6, 4, 3).train)).toThrow("image-classification: expected test images of 4×4×3, got 5×5×3");
    const labels = made.train.labels.map((label) => label + 1);
    expect(() => tinyTask({ ...made.train, labels })).toThrow("image-classification: expected training labels below 3, got 3 for image 2");
  });
});

/** Images of 32×32 in ten classes: five colours, each in horizontal stripes or in vertical ones, with noise. */
function striped(count: number, rng: Rng): LabelledPixels {
  const colours = [
    [200, 60, 60],
    [60, 200, 60],
    [60, 60, 200],
    [190, 190, 50],
    [120, 120, 120],
  ] as const;
  const images = new Uint8Array(count * 32 * 32 * 3);
  const labels = Uint8Array.from({ length: count }, () => rng.integer(10));
  for (const [n, label] of labels.entries()) {
    const colour = colours[label >> 1] as readonly number[];
    for (let i = 0; i < 32 * 32; i++) {
      const across = label % 2 === 0 ? i % 32 : i >> 5;
      const stripe = (across >> 1) % 2 === 0 ? 30 : -30;
      for (const [c, level] of colour.entries()) images[(n * 32 * 32 + i) * 3 + c] = level + stripe + rng.integer(51) - 25;
    }
  }
  return { images, shape: [count, 32, 32, 3], labels };
}

const narrow = (statistics: Statistics) => resNet({ width: 4, statistics });

/** Losses of steps of momentum with a network of four channels, in float32, and what it then comes to. */
async function train(data: { readonly train: LabelledPixels; readonly test: LabelledPixels }, steps: number) {
  const { backend } = await openBackend("simd", { memory: 2 ** 29 });
  const before = useBackend(backend);
  try {
    const task = imageClassification(data, { batch: 32, network: narrow, estimatedFrom: 256 });
    const optimizer = descend(momentum({ learningRate: 0.02, momentum: 0.9 }));
    return withArena((arena) => {
      let snapshot = begin(task, optimizer, streams(1));
      const losses = Array.from({ length: steps }, () => {
        const next = advance(task, optimizer, snapshot, arena);
        ({ snapshot } = next);
        return next.losses[0] as number;
      });
      return { losses, metrics: evaluate(task, snapshot.x, { draws: 200 }) };
    });
  } finally {
    useBackend(before);
  }
}

it("a narrow ResNet learns images that differ in colour and texture", async () => {
  const rng = createRng(1);
  const { losses, metrics } = await train({ train: striped(200, rng), test: striped(50, rng) }, 40);
  // ln 10 is the loss of a network that says nothing.
  const half = portable.log(10) / 2;
  expect(losses[0]).toBeGreaterThan(half);
  expect(item(mean(tensor(losses.slice(-5), [5])))).toBeLessThan(half);
  const [loss, accuracy] = metrics as [Metric, Metric];
  expect(loss.mean).toBeLessThan(half);
  expect(accuracy.mean).toBeGreaterThan(0.5);
});

const cifar10 = datasetNamed("cifar-10");
const isThere = (["train", "test"] as const).every(
  (split) => findSplit(cifar10, split, candidateFolders(cifar10, undefined, surroundings()))?.missing.length === 0,
);

describe.runIf(isThere)("CIFAR-10 (needs its files: lodo data cifar-10)", () => {
  it("has the channels' mean and deviation that everybody normalises by", () => {
    const { mean, deviation } = channelMoments(loadImages(cifar10, "train"));
    for (const [k, known] of [0.4914, 0.4822, 0.4465].entries()) expect((mean[k] as number) / 255).toBeCloseTo(known, 4);
    for (const [k, known] of [0.247, 0.2435, 0.2616].entries()) expect((deviation[k] as number) / 255).toBeCloseTo(known, 4);
  });

  it("is learned by a narrow ResNet, somewhat, in a hundred steps", async () => {
    const { metrics } = await train({ train: loadImages(cifar10, "train"), test: loadImages(cifar10, "test") }, 100);
    const [, accuracy] = metrics as [Metric, Metric];
    // Five standard errors above one in ten.
    expect(accuracy.mean).toBeGreaterThan(0.1 + 5 * Math.sqrt(0.09 / 200));
  });
});
