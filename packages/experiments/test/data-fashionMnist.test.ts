import { existsSync, readdirSync } from "node:fs";
import { createRng } from "@lodo/tensor";
import { describe, expect, it } from "vitest";
import { datasetNamed, datasets, filesOf, type PublishedFile } from "../src/data/datasets.ts";
import { loadImages } from "../src/data/disk/loadImages.ts";
import { draw } from "../src/data/draw.ts";
import { DataError } from "../src/data/errors.ts";

const fashion = datasetNamed("fashion-mnist");
const { package: name, folder } = fashion.debian as { readonly package: string; readonly folder: string };
const isThere = existsSync(folder) && readdirSync(folder).length > 0;

describe.runIf(isThere)(`Fashion-MNIST (needs the Debian package ${name}: apt install ${name})`, () => {
  const load = (split: "train" | "test") => loadImages(fashion, split, { data: folder });

  it.each([
    ["train", 60_000],
    ["test", 10_000],
  ] as const)("has a %s split of %d images, as many of each class, as published", (split, n) => {
    const { name, verified, shape, images, labels } = load(split);
    expect([name, verified, shape, images.length]).toEqual(["fashion-mnist", true, [n, 28, 28, 1], n * 784]);
    const counts = new Array<number>(10).fill(0);
    for (const label of labels) counts[label] = (counts[label] as number) + 1;
    expect(counts).toEqual(new Array(10).fill(n / 10));
  });

  it("has the mean that its publishers normalise by", () => {
    // 0.2860 and 0.3530 of 255, to four digits, over all pixels of the training split.
    const { images } = load("train");
    let [sum, squares] = [0, 0];
    for (const value of images) {
      sum += value;
      squares += value * value;
    }
    const mean = sum / images.length / 255;
    expect(mean).toBeCloseTo(0.286, 4);
    expect(Math.sqrt(squares / images.length / 255 ** 2 - mean ** 2)).toBeCloseTo(0.353, 4);
  });

  it("is not taken for MNIST, and one split not for the other", () => {
    const asMnist = (): unknown => loadImages(datasetNamed("mnist"), "train", { data: folder });
    expect(asMnist).toThrow(DataError);
    expect(asMnist).toThrow("expected MNIST's train-images-idx3-ubyte, found Fashion-MNIST's train-images-idx3-ubyte");
    const [trainImages, trainLabels, testImages, testLabels] = filesOf(fashion) as [
      PublishedFile,
      PublishedFile,
      PublishedFile,
      PublishedFile,
    ];
    const called = ({ name }: PublishedFile, { bytes, sha256 }: PublishedFile): PublishedFile => ({ name, bytes, sha256 });
    const train = [called(testImages, trainImages), called(testLabels, trainLabels)];
    expect(() => loadImages({ ...fashion, files: { ...fashion.files, train } }, "train", { data: folder })).toThrow(
      "expected Fashion-MNIST's t10k-images-idx3-ubyte, found Fashion-MNIST's t10k-images-idx3-ubyte",
    );
  });

  it("is drawn from over its whole length", () => {
    const images = load("test");
    const indices = draw(images, 1000, createRng(0));
    // That none of 1000 draws is in the first or last tenth has probability 2·0.9¹⁰⁰⁰ < 10⁻⁴⁵.
    expect(Math.min(...indices)).toBeLessThan(1000);
    expect(Math.max(...indices)).toBeGreaterThanOrEqual(9000);
  });
});

describe("published data sets", () => {
  it("are known by their ids", () => {
    for (const dataset of datasets) expect(datasetNamed(dataset.id)).toBe(dataset);
    expect(() => datasetNamed("MNIST")).toThrow('datasetNamed: expected one of mnist, fashion-mnist, cifar-10, got "MNIST"');
  });

  it("have digests of their own, sizes of whole images and labels, and folders of their own", () => {
    const files = datasets.flatMap(filesOf);
    expect(new Set(files.map(({ sha256 }) => sha256)).size).toBe(files.length);
    expect(files.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256))).toBe(true);
    expect(datasets.map(({ folders: [own] }) => own)).toEqual(datasets.map(({ id }) => id));
    const images = datasets.flatMap(({ format, image, files }) => {
      const size = image.reduce((product, extent) => product * extent, 1);
      const sides = [...files.train, ...files.test].map(({ name, bytes }) =>
        format === "cifar-10" ? bytes / (1 + size) : name.includes("images") ? (bytes - 16) / size : bytes - 8,
      );
      return [sides];
    });
    expect(images).toEqual([
      [60_000, 60_000, 10_000, 10_000],
      [60_000, 60_000, 10_000, 10_000],
      [10_000, 10_000, 10_000, 10_000, 10_000, 10_000],
    ]);
  });
});
