import {
  array,
  createRng,
  type Images,
  item,
  type Params,
  portable,
  ravel,
  type Tensor,
  tensor,
  type Vector,
  valueAndGrad,
  vector,
} from "@lodo/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { imageNetwork } from "../src/networks/imageNetwork.ts";
import type { Layer } from "../src/networks/layer.ts";
import { type GreyImages, queryChannels } from "../src/tasks/imageGeneration/channels.ts";
import { evaluateOn } from "../src/tasks/imageGeneration/evaluate.ts";
import { imageGeneration } from "../src/tasks/imageGeneration/imageGeneration.ts";
import { madeUpImages } from "../src/tasks/imageGeneration/images.ts";
import { meanLoss } from "../src/tasks/imageGeneration/meanLoss.ts";
import { channelImages, grid } from "../src/tasks/imageGeneration/pictures.ts";
import { drawQueries, everyQuery } from "../src/tasks/imageGeneration/queries.ts";
import { blank, sampleImages } from "../src/tasks/imageGeneration/sample.ts";

/** What a generator returns, and how often it yielded. */
function drain<T, R>(generator: Generator<T, R>): { readonly result: R; readonly yielded: readonly T[] } {
  const yielded: T[] = [];
  for (let next = generator.next(); ; next = generator.next()) {
    if (next.done) return { result: next.value, yielded };
    yielded.push(next.value);
  }
}

const images: fc.Arbitrary<GreyImages> = fc
  .record({ count: fc.integer({ min: 1, max: 4 }), height: fc.integer({ min: 1, max: 5 }), width: fc.integer({ min: 1, max: 5 }) })
  .chain((shape) => {
    const size = shape.count * shape.height * shape.width;
    return fc.record({
      pixels: fc.uint8Array({ minLength: size, maxLength: size }),
      count: fc.constant(shape.count),
      height: fc.constant(shape.height),
      width: fc.constant(shape.width),
    });
  });

/** The paper's network, in small, for images of 4×3 pixels. */
const tiny = imageNetwork({ channels: 2, stages: 2, blocks: 1 });
const tinyWeights = tiny.init(createRng(1));
const made = madeUpImages(5, 4, 3).train;

/** A network of no weights but one, which counts for nothing. */
const fixedNetwork = (logits: (channels: Images) => Tensor): Layer => ({
  init: () => ({ w: vector([0]) }),
  apply: (_, x) => logits(x as Images),
});
const none: Params = { w: vector([0]) };

/** The same logits for every query. */
const always = (logits: readonly number[]): Layer =>
  fixedNetwork((x) => {
    const n = x.shape[0];
    return tensor(Array.from({ length: n }, () => logits).flat(), [n, logits.length]);
  });

const onlyLevel = (level: number): readonly number[] => Array.from({ length: 256 }, (_, k) => (k === level ? 0 : Number.NEGATIVE_INFINITY));

describe("the channels of a query", () => {
  it("are brightness so far, columns so far, visible, row and column", () => {
    const cases = images.chain((some) =>
      fc.tuple(
        fc.constant(some),
        fc.array(fc.record({ image: fc.nat(some.count - 1), pixel: fc.nat(some.height * some.width - 1) }), { minLength: 1, maxLength: 4 }),
      ),
    );
    fc.assert(
      fc.property(cases, ([some, queries]) => {
        const { height: h, width: w, pixels } = some;
        const { images: x, labels } = queryChannels(some, queries, { dtype: "float64" });
        expect(x.shape).toEqual([queries.length, h, w, 5]);
        const expected: number[] = [];
        const brightness = (image: number, r: number, c: number): number => pixels[(image * h + r) * w + c] as number;
        for (const [q, { image, pixel }] of queries.entries()) {
          const [row, column] = [(pixel - (pixel % w)) / w, pixel % w];
          expect(labels[q]).toBe(brightness(image, row, column));
          for (let r = 0; r < h; r++) {
            for (let c = 0; c < w; c++) {
              const before = r < row || (r === row && c < column);
              expected.push(
                before ? brightness(image, r, c) / 256 : 0,
                c > column ? -1 : 1,
                before ? 1 : -1,
                // Rounded to float32, as everything that goes in.
                Math.fround(-1 + (2 * r) / h),
                Math.fround(-1 + (2 * c) / w),
              );
            }
          }
        }
        expect([...array(x)]).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it("show nothing of the pixel itself, nor of those after it", () => {
    const other = { ...made, pixels: made.pixels.map((p, i) => (i % 12 >= 7 ? 255 - p : p)) };
    const of = (some: GreyImages): readonly number[] => [
      ...array(queryChannels(some, [{ image: 2, pixel: 7 }], { dtype: "float64" }).images),
    ];
    expect(of(other)).toEqual(of(made));
  });

  it("refuse an image or a pixel that is not there", () => {
    const ask = (image: number, pixel: number) => () => queryChannels(made, [{ image, pixel }], {});
    expect(ask(5, 0)).toThrow("queryChannels: image must be an integer from 0 to 4, got 5");
    expect(ask(0, 12)).toThrow("queryChannels: pixel must be an integer from 0 to 11, got 12");
    expect(ask(0, 0.5)).toThrow("got 0.5");
  });
});

describe("queries", () => {
  it("are drawn independently and uniformly from the range", () => {
    const n = 30_000;
    const range = { from: 1, to: 4 };
    const counts = new Map<string, number>();
    const drawn = [...drawQueries(createRng(3), made, range, n)];
    for (const { image, pixel } of drawn) counts.set(`${image},${pixel}`, (counts.get(`${image},${pixel}`) ?? 0) + 1);
    const cells = [...everyQuery(made, range)];
    expect(cells).toHaveLength(36);
    expect(counts.size).toBe(36);
    const p = 1 / 36;
    // A binomial count's deviation. Of 36 counts one is off by 5 of them with probability 2e-5.
    const deviation = Math.sqrt(n * p * (1 - p));
    for (const { image, pixel } of cells) expect(Math.abs((counts.get(`${image},${pixel}`) ?? 0) - n * p)).toBeLessThan(5 * deviation);
    // Neighbours agree in the image as often as chance has it.
    const repeats = drawn.filter(({ image }, i) => i > 0 && drawn[i - 1]?.image === image).length;
    expect(Math.abs(repeats - n / 3)).toBeLessThan(5 * Math.sqrt((n * 2) / 9));
  });
});

describe("the mean loss", () => {
  const range = { from: 1, to: 4 };
  const all = [...everyQuery(made, range)];
  /** −ln of the probability of the true level, by a sum over the levels. */
  const losses = all.map((query) => {
    const { images: x, labels } = queryChannels(made, [query], { dtype: "float64" });
    const logits = [...array(tiny.apply(tinyWeights, x))];
    return portable.log(logits.reduce((sum, z) => sum + portable.exp(z), 0)) - (logits[labels[0] as number] as number);
  });
  const mean = losses.reduce((a, b) => a + b) / losses.length;
  const variance = losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / (losses.length - 1);
  // Some thousand roundings on the way, of numbers of this size.
  const near = 1e-11;

  it.each([1, 5, 36, 100])("is that of the losses one by one, with its standard error, %i at a time", (piece) => {
    const { result, yielded } = drain(meanLoss(tiny, tinyWeights, made, all, { piece }));
    expect(result.queries).toBe(36);
    expect(Math.abs(result.mean - mean)).toBeLessThan(near);
    expect(Math.abs(result.standardError - Math.sqrt(variance / 36))).toBeLessThan(near);
    expect(yielded).toHaveLength(Math.ceil(36 / piece));
    expect(yielded.at(-1)).toBe(36);
  });

  it("over everything has no error, and over draws one that covers it", () => {
    const sets = [{ name: "here", images: made, range }];
    const { result: whole } = drain(evaluateOn(tiny, tinyWeights, sets, { sampling: "everything", piece: 7 }));
    expect(whole).toEqual([{ name: "here", mean: expect.closeTo(mean, 11), standardError: 0, examples: 36 }]);
    const { result: drawn, yielded } = drain(evaluateOn(tiny, tinyWeights, sets, { sampling: { draws: 2000 }, piece: 50 }));
    expect(drawn[0]?.examples).toBe(2000);
    expect(yielded.at(-1)).toEqual({ done: 2000, total: 2000 });
    const { mean: estimated, standardError } = drawn[0] as { mean: number; standardError: number };
    expect(Math.abs(estimated - mean)).toBeLessThan(5 * standardError);
    // The deviation of a sample of 2000 is off by less than a tenth.
    expect(Math.abs(standardError / Math.sqrt(variance / 2000) - 1)).toBeLessThan(0.1);
    const { result: again } = drain(evaluateOn(tiny, tinyWeights, sets, { sampling: { draws: 2000 }, piece: 50 }));
    expect(again).toEqual(drawn);
  });
});

describe("samples", () => {
  const drawn = (network: Layer, count: number, height: number, width: number, seed = 1): GreyImages =>
    drain(sampleImages(network, none, createRng(seed), { begun: blank(count, height, width), piece: 3 })).result;

  it("are of the only level that a network gives", () => {
    for (const level of [0, 7, 255]) expect(new Set(drawn(always(onlyLevel(level)), 4, 3, 2).pixels)).toEqual(new Set([level]));
  });

  it("go on from the pixels that stand, in raster order", () => {
    /** The level of the pixel before the first that is not visible. */
    const copies = fixedNetwork((x) => {
      const [n, h, w] = x.shape;
      const values = [...array(x)];
      const logits = Array.from({ length: n }, (_, image) => {
        const seen = Array.from({ length: h * w }, (_, i) => values.slice((image * h * w + i) * 5, (image * h * w + i + 1) * 5));
        const last = seen.filter(([, , visible]) => visible === 1).at(-1);
        return onlyLevel(Math.round((last?.[0] as number) * 256));
      });
      return tensor(logits.flat(), [n, 256]);
    });
    const begun = {
      ...blank(5, 3, 3),
      pixels: Uint8Array.from({ length: 45 }, (_, i) => (i % 9 < 2 ? 10 * Math.floor(i / 9) + (i % 9) : 99)),
    };
    const { result, yielded } = drain(sampleImages(copies, none, createRng(1), { begun, known: 2, piece: 2 }));
    const expected = Array.from({ length: 45 }, (_, i) => 10 * Math.floor(i / 9) + (i % 9 === 0 ? 0 : 1));
    expect([...result.pixels]).toEqual(expected);
    expect(yielded).toEqual([3, 4, 5, 6, 7, 8, 9]);
    expect([...begun.pixels]).toContain(99);
  });

  it("have each level as often as the network says", () => {
    const p = [0.5, 0, 0.3, 0.2];
    const n = 6000;
    const { pixels } = drawn(always(p.map(portable.log)), n / 6, 2, 3);
    for (const [level, probability] of p.entries()) {
      const count = pixels.filter((pixel) => pixel === level).length;
      expect(Math.abs(count - n * probability)).toBeLessThanOrEqual(5 * Math.sqrt(n * probability * (1 - probability)));
    }
  });

  it("depend on the seed and on nothing else: not on how many there are, nor on how many are drawn at a time", () => {
    const p = always([0, 0, 0, 0].map((_, i) => i));
    const [few, many] = [drawn(p, 3, 3, 3), drawn(p, 5, 3, 3)];
    expect([...many.pixels.subarray(0, 27)]).toEqual([...few.pixels]);
    expect(drawn(p, 3, 3, 3, 2).pixels).not.toEqual(few.pixels);
    expect(() => drain(sampleImages(p, none, createRng(1), { begun: blank(1, 2, 2), known: 5 }))).toThrow(
      "sampleImages: known must be an integer from 0 to 4, got 5",
    );
  });
});

describe("the task", () => {
  const data = madeUpImages(5, 4, 3);
  const at = (piece: number, seed = 1): { readonly loss: number; readonly gradient: ArrayLike<number> } => {
    const task = imageGeneration(data, { batch: 7, piece, held: 2, network: tiny, dtype: "float64" });
    const { x, state } = task.init(createRng(seed));
    const [loss, g] = valueAndGrad((x: Vector) => task.draw(state, createRng(2))[0].value(x))(x);
    return { loss: item(loss), gradient: array(g) };
  };

  it("has the same bits for the same seed, and only roundings between one piece and another", () => {
    const whole = at(7);
    expect(at(7)).toEqual(whole);
    expect(at(7, 2).loss).not.toBe(whole.loss);
    const size = Math.max(...Array.from(whole.gradient, Math.abs));
    for (const piece of [1, 2, 3]) {
      const { loss, gradient } = at(piece);
      // Sums of the same terms, some thousand, in another order.
      expect(Math.abs(loss - whole.loss)).toBeLessThan(1000 * 2 ** -52 * whole.loss);
      for (let i = 0; i < gradient.length; i++)
        expect(Math.abs((gradient[i] as number) - (whole.gradient[i] as number))).toBeLessThan(1000 * 2 ** -52 * size);
    }
  });

  it("loses the mean over the pixels drawn, of all images but those held", () => {
    const drawn = drawQueries(createRng(2), data.train, { from: 0, to: 3 }, 7);
    const { result } = drain(meanLoss(tiny, tinyWeights, data.train, drawn, { piece: 7 }));
    // The same logits of seven queries; a dozen roundings each.
    expect(Math.abs(at(7).loss - result.mean)).toBeLessThan(100 * 2 ** -52 * result.mean);
  });

  it("never draws a held image", () => {
    const seen = { ...data.train, pixels: data.train.pixels.slice() };
    const task = (train: GreyImages) => imageGeneration({ train, test: train }, { batch: 50, held: 2, network: tiny, dtype: "float64" });
    const of = (train: GreyImages): number => {
      const { x, state } = task(train).init(createRng(1));
      return item(task(train).draw(state, createRng(2))[0].value(x));
    };
    const before = of(data.train);
    seen.pixels.fill(0, 3 * 12);
    expect(of(seen)).toBe(before);
    seen.pixels.fill(0, 2 * 12);
    expect(of(seen)).not.toBe(before);
  });

  it("judges by the held images and by those of the test", () => {
    const task = imageGeneration({ ...data, test: madeUpImages(2, 4, 3).test }, { held: 2, network: tiny, dtype: "float64" });
    const { x } = ravel(tinyWeights);
    const { result } = drain((task.evaluate as NonNullable<typeof task.evaluate>)(x, "everything"));
    const held = drain(meanLoss(tiny, tinyWeights, data.train, everyQuery(data.train, { from: 3, to: 5 }), { piece: 8 })).result;
    expect(result.map(({ name, examples }) => [name, examples])).toEqual([
      ["validation loss", 24],
      ["test loss", 24],
    ]);
    expect(result[0]?.mean).toBe(held.mean);
    // Made-up images begin alike: the test's are the first two, which nobody held.
    expect(result[1]?.mean).not.toBe(held.mean);
  });

  it("names its layers in its layout, and is of 94 696 weights by itself", () => {
    const task = imageGeneration(madeUpImages(65, 28, 28));
    expect(task.dim).toBe(94_696);
    expect(task.layout?.slices.map(({ path }) => path)).toContain("stage5.block4.spread.filter");
  });

  it("refuses too few images, and test images of another size", () => {
    expect(() => imageGeneration(data, { held: 5 })).toThrow(
      "image-generation: expected more images than the 5 held for validation, got 5",
    );
    expect(() => imageGeneration({ ...data, test: madeUpImages(2, 3, 4).test }, { held: 1 })).toThrow(
      "expected test images of 4×3, got 2 of 3×4",
    );
  });
});

describe("pictures", () => {
  it("show images in rows, on grey, each pixel a square", () => {
    const some = { pixels: Uint8Array.of(1, 2, 3, 4, 5, 6), count: 3, height: 1, width: 2 };
    const { data, width, height } = grid(some, { columns: 2, scale: 2 });
    expect([width, height]).toEqual([2 * (4 + 2) + 2, 2 * (2 + 2) + 2]);
    const row = (y: number): readonly number[] => [...data.subarray(y * width, (y + 1) * width)];
    const ground = [128, 128];
    expect(row(1)).toEqual(new Array(14).fill(128));
    for (const y of [2, 3]) expect(row(y)).toEqual([...ground, 1, 1, 2, 2, ...ground, 3, 3, 4, 4, ...ground]);
    for (const y of [6, 7]) expect(row(y)).toEqual([...ground, 5, 5, 6, 6, ...ground, ...ground, ...ground, ...ground]);
  });

  it("show the channels of a query: brightness as it is, the others from black to white", () => {
    const { pixels, count, height, width } = channelImages(made, { image: 1, pixel: 5 });
    expect([count, height, width]).toEqual([5, 4, 3]);
    const channel = (k: number): readonly number[] => [...pixels.subarray(12 * k, 12 * (k + 1))];
    expect(channel(0)).toEqual([...made.pixels.subarray(12, 17), 0, 0, 0, 0, 0, 0, 0]);
    expect(channel(1)).toEqual(new Array(12).fill(255));
    expect(channel(2)).toEqual([255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0]);
    expect(channel(3).filter((_, i) => i % 3 === 0)).toEqual([0, 64, 128, 191]);
    expect(channel(4).slice(0, 3)).toEqual([0, 85, 170]);
  });
});

it("weights enter an evaluation in their own dtype", () => {
  const weights = tiny.init(createRng(1), { dtype: "float32" });
  const { result } = drain(meanLoss(tiny, weights, made, everyQuery(made, { from: 0, to: 1 }), { piece: 12 }));
  const exact = drain(meanLoss(tiny, tinyWeights, made, everyQuery(made, { from: 0, to: 1 }), { piece: 12 })).result;
  expect(result.mean).not.toBe(exact.mean);
  expect(Math.abs(result.mean - exact.mean)).toBeLessThan(1e-4);
});
