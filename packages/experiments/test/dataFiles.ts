import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRng } from "@lodo/tensor";
import fc from "fast-check";
import { onTestFinished } from "vitest";
import { type Dataset, datasetNamed, filesOf, type PublishedFile } from "../src/data/datasets.ts";
import type { Surroundings } from "../src/data/disk/places.ts";

/** A folder of this test's own. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "lodo-data-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** A user of Linux who has nothing. */
export const nobody = (home: string): Surroundings => ({ env: {}, platform: "linux", home });

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** An IDX file of unsigned bytes, as the format is described. */
export function idxFile(shape: readonly number[], values: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + values.length);
  bytes.set([0, 0, 8, shape.length]);
  for (const [axis, extent] of shape.entries()) new DataView(bytes.buffer).setUint32(4 + 4 * axis, extent);
  bytes.set(values, 4 + 4 * shape.length);
  return bytes;
}

/** Files in MNIST's form, of noise: 66 images of 28×28 to learn from, two of which are not held, and three of a test. */
export function writeMnistFiles(path: string, seed: number): void {
  mkdirSync(path, { recursive: true });
  const rng = createRng(seed);
  for (const [split, n] of [
    ["train", 66],
    ["t10k", 3],
  ] as const) {
    const pixels = Uint8Array.from({ length: n * 784 }, () => rng.integer(256));
    writeFileSync(join(path, `${split}-images-idx3-ubyte`), idxFile([n, 28, 28], pixels));
    writeFileSync(join(path, `${split}-labels-idx1-ubyte`), idxFile([n], new Uint8Array(n)));
  }
}

/** Images [n, h, w, c] and labels of n of ten classes. */
export const pixels = (h: fc.Arbitrary<number>, w: fc.Arbitrary<number>, c: number, max: number): fc.Arbitrary<Pixels> =>
  fc.tuple(fc.integer({ min: 1, max }), h, w).chain(([n, h, w]) =>
    fc.record({
      shape: fc.constant([n, h, w, c] as const),
      images: fc.uint8Array({ minLength: n * h * w * c, maxLength: n * h * w * c }),
      labels: fc.uint8Array({ minLength: n, maxLength: n, max: 9 }),
    }),
  );

export interface Pixels {
  readonly shape: readonly [number, number, number, number];
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/** A file of CIFAR-10's binary version: a label, then all red, all green and all blue, for each image. */
export function cifarFile({ images, labels }: Pick<Pixels, "images" | "labels">): Uint8Array {
  const colour = (image: Uint8Array, c: number): Uint8Array => image.filter((_, i) => i % 3 === c);
  const records = [...labels].flatMap((label, i) => {
    const image = images.subarray(3072 * i, 3072 * (i + 1));
    return [Uint8Array.of(label), colour(image, 0), colour(image, 1), colour(image, 2)];
  });
  return Buffer.concat(records);
}

/** Files of CIFAR-10's names and lengths, for whoever takes no others: ten images of noise, one of each class, over and over. */
export function writeCifarFiles(path: string, seed: number): void {
  mkdirSync(path, { recursive: true });
  const rng = createRng(seed);
  const images = Uint8Array.from({ length: 10 * 3072 }, () => rng.integer(256));
  const records = cifarFile({ images, labels: Uint8Array.from({ length: 10 }, (_, i) => i) });
  for (const { name, bytes } of filesOf(datasetNamed("cifar-10"))) writeFileSync(join(path, name), Buffer.alloc(bytes, records));
}

/** A tar archive (POSIX ustar), with a folder and a link before the files. */
export function tarArchive(files: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Uint8Array {
  const entry = (name: string, type: string, bytes: Uint8Array): Uint8Array => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write("0000644\0", 100);
    header.write(`${bytes.length.toString(8).padStart(11, "0")}\0`, 124);
    header.fill(" ", 148, 156);
    header.write(type, 156);
    header.write("ustar\x0000", 257);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, "0")}\0 `,
      148,
    );
    return Buffer.concat([header, bytes, new Uint8Array((512 - (bytes.length % 512)) % 512)]);
  };
  const none = new Uint8Array(0);
  return Buffer.concat([
    entry("folder/", "5", none),
    entry("folder/link", "2", none),
    ...files.map(({ name, bytes }) => entry(name, "0", bytes)),
    new Uint8Array(1024),
  ]);
}

const publishedAs = (name: string, bytes: Uint8Array): PublishedFile => ({ name, bytes: bytes.length, sha256: sha256(bytes) });

/** What stands for a published data set: its files, and their description. */
export interface Publication {
  readonly dataset: Dataset;
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** A data set of MNIST's form with images of 2×3 pixels: four to learn from, three held out. Each salt makes another. */
export function tinyMnist(id: string, salt: number): Publication {
  const some = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => (i * 37 + salt) % 256);
  const files = {
    "train-images-idx3-ubyte": idxFile([4, 2, 3], some(24)),
    "train-labels-idx1-ubyte": idxFile([4], Uint8Array.of(3, 1, salt % 10, 9)),
    "t10k-images-idx3-ubyte": idxFile([3, 2, 3], some(18)),
    "t10k-labels-idx1-ubyte": idxFile([3], Uint8Array.of(salt % 10, 0, 7)),
  };
  const [trainImages, trainLabels, testImages, testLabels] = Object.entries(files).map(([name, bytes]) => publishedAs(name, bytes)) as [
    PublishedFile,
    PublishedFile,
    PublishedFile,
    PublishedFile,
  ];
  const dataset: Dataset = {
    id,
    title: id.toUpperCase(),
    reference: "none",
    format: "mnist",
    image: [2, 3, 1],
    classes: 10,
    files: { train: [trainImages, trainLabels], test: [testImages, testLabels] },
    folders: [id, "."],
    published: { addresses: ["http://one.invalid/", "http://two.invalid/"] },
  };
  return { dataset, files };
}

/** A data set of CIFAR-10's form: two files of three images, and one of two held out. */
export function tinyCifar(): Publication & { readonly archive: Uint8Array; readonly labels: readonly number[] } {
  const batch = (n: number, salt: number): Uint8Array =>
    cifarFile({
      images: Uint8Array.from({ length: n * 3072 }, (_, i) => (i * 31 + salt) % 256),
      labels: Uint8Array.from({ length: n }, (_, i) => (i + salt) % 10),
    });
  const files = { "data_batch_1.bin": batch(3, 1), "data_batch_2.bin": batch(3, 5), "test_batch.bin": batch(2, 8) };
  const [one, two, test] = Object.entries(files).map(([name, bytes]) => publishedAs(name, bytes)) as [
    PublishedFile,
    PublishedFile,
    PublishedFile,
  ];
  const archive = tarArchive(Object.entries(files).map(([name, bytes]) => ({ name: `cifar-10-batches-bin/${name}`, bytes })));
  const dataset: Dataset = {
    id: "tiny-cifar",
    title: "TINY-CIFAR",
    reference: "none",
    format: "cifar-10",
    image: [32, 32, 3],
    classes: 10,
    files: { train: [one, two], test: [test] },
    folders: ["tiny-cifar", "."],
    published: { addresses: ["http://one.invalid/"], archive: publishedAs("tiny.tar", archive) },
  };
  return { dataset, files, archive, labels: [1, 2, 3, 5, 6, 7] };
}
