import { readdirSync, readFileSync } from "node:fs";
import { createRng } from "@lodo/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cifar10Room, readCifar10, recordBytes } from "../src/data/cifar10.ts";
import { draw } from "../src/data/draw.ts";
import { DataError } from "../src/data/errors.ts";
import { parseIdx } from "../src/data/idx.ts";
import { parseMnist } from "../src/data/mnist.ts";
import { type TarFile, tarFiles } from "../src/data/tar.ts";
import { cifarFile, idxFile, type Pixels, pixels, tarArchive } from "./dataFiles.ts";

const extent = fc.integer({ min: 1, max: 6 });
const grey = pixels(extent, extent, 1, 5);

const sourced = ({ shape, images, labels }: Pixels) =>
  [
    { source: "images", bytes: idxFile(shape.slice(0, 3), images) },
    { source: "labels", bytes: idxFile([labels.length], labels) },
  ] as const;

describe("parseMnist", () => {
  it("reads what was written, without a copy", () => {
    fc.assert(
      fc.property(grey, (written) => {
        const [images, labels] = sourced(written);
        const read = parseMnist(images, labels);
        expect({ ...read, shape: [...read.shape] }).toEqual({ ...written, shape: [...written.shape] });
        expect(read.images.buffer).toBe(images.bytes.buffer);
        expect(read.labels.buffer).toBe(labels.bytes.buffer);
      }),
    );
  });

  it("refuses every file cut short, and every longer one", () => {
    fc.assert(
      fc.property(grey, fc.nat(), fc.boolean(), (written, at, ofImages) => {
        const [images, labels] = sourced(written);
        const [file, other] = ofImages ? [images, labels] : [labels, images];
        for (const bytes of [file.bytes.slice(0, at % file.bytes.length), Buffer.concat([file.bytes, Uint8Array.of(at)])]) {
          const damaged = { ...file, bytes };
          const parse = (): unknown => (ofImages ? parseMnist(damaged, other) : parseMnist(other, damaged));
          expect(parse).toThrow(DataError);
          expect(parse).toThrow(new RegExp(`^${file.source}: expected .*found`));
        }
      }),
    );
  });

  it("refuses every header with a byte changed", () => {
    fc.assert(
      fc.property(grey, fc.boolean(), fc.nat(15), fc.integer({ min: 1, max: 255 }), (written, ofImages, at, change) => {
        const [images, labels] = sourced(written);
        const file = ofImages ? images : labels;
        const byte = at % (ofImages ? 16 : 8);
        file.bytes[byte] = (file.bytes[byte] as number) ^ change;
        expect(() => parseMnist(images, labels)).toThrow(DataError);
        expect(() => parseMnist(images, labels)).toThrow(new RegExp(`^${file.source}: expected .*found`));
      }),
    );
  });

  const one = sourced({ shape: [2, 1, 1, 1], images: Uint8Array.of(1, 2), labels: Uint8Array.of(3, 4) });

  it.each([
    [
      "images and labels swapped",
      () => parseMnist(one[1], one[0]),
      "labels: expected an IDX file of images, which begins 00 00 08 03; found 00 00 08 01: one of labels",
    ],
    [
      "labels twice",
      () => parseMnist(one[0], { ...one[0], source: "y" }),
      "y: expected an IDX file of labels, which begins 00 00 08 01; found 00 00 08 03: one of images",
    ],
    [
      "other counts",
      () => parseMnist(one[0], { source: "y", bytes: idxFile([3], Uint8Array.of(1, 2, 3)) }),
      "found 2 images in images and 3 labels in y",
    ],
    [
      "no images",
      () => parseMnist({ source: "x", bytes: idxFile([0, 5, 5], Uint8Array.of()) }, { source: "y", bytes: idxFile([0], Uint8Array.of()) }),
      "x: expected images, found none",
    ],
    [
      "images of no pixels",
      () => parseMnist({ source: "x", bytes: idxFile([2, 0, 5], Uint8Array.of()) }, one[1]),
      "x: expected extents of at least 1, found 2×0×5",
    ],
    [
      "a label that is none",
      () => parseMnist(one[0], { source: "y", bytes: idxFile([2], Uint8Array.of(9, 10)) }),
      "y: expected labels from 0 to 9, found 10, that of image 1",
    ],
    ["floats", () => parseIdx(Uint8Array.of(0, 0, 13, 3), "x", 3), "found 00 00 0d 03: one of float32"],
    ["an HTML page", () => parseIdx(new TextEncoder().encode("<html>"), "x", 3), "found 3c 68 74 6d"],
    ["nothing", () => parseIdx(new Uint8Array(0), "x", 3), "found 0 bytes in all"],
  ])("refuses %s", (_, parse, message) => {
    expect(parse).toThrow(DataError);
    expect(parse).toThrow(message);
  });
});

describe("readCifar10", () => {
  const colour = pixels(fc.constant(32), fc.constant(32), 3, 4);

  it("reads what was written, however the file is cut into pieces of whole records", () => {
    fc.assert(
      fc.property(colour, fc.integer({ min: 1, max: 4 }), (written, step) => {
        const [n] = written.shape;
        const bytes = cifarFile(written);
        const room = cifar10Room(n);
        for (let first = 0; first < n; first += step) {
          const piece = bytes.subarray(first * recordBytes, (first + step) * recordBytes);
          expect(readCifar10({ source: "x", bytes: piece, first }, room, first)).toBe(Math.min(step, n - first));
        }
        expect({ ...room, shape: [...room.shape] }).toEqual({ ...written, shape: [...written.shape] });
      }),
      { numRuns: 20 },
    );
  });

  it("refuses what is no whole number of records", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: recordBytes - 1 }), fc.nat(2), (rest, n) => {
        const bytes = new Uint8Array(n * recordBytes + rest);
        expect(() => readCifar10({ source: "x", bytes, first: 4 }, cifar10Room(3), 0)).toThrow(
          new DataError(`x: expected records of 3073 bytes, found ${rest} bytes after record ${4 + n}`),
        );
      }),
    );
  });

  it("refuses a label that is none, wherever it is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.nat(3), fc.integer({ min: 10, max: 255 }), (n, at, label) => {
        const bytes = new Uint8Array(n * recordBytes);
        bytes[(at % n) * recordBytes] = label;
        expect(() => readCifar10({ source: "x", bytes, first: 0 }, cifar10Room(n), 0)).toThrow(
          new DataError(`x: expected labels from 0 to 9, found ${label}, that of image ${at % n}`),
        );
      }),
    );
  });

  it("names the first label that is none by its place in the file", () => {
    const bytes = cifarFile({ images: new Uint8Array(3 * 3072), labels: Uint8Array.of(9, 200, 10) });
    expect(() => readCifar10({ source: "x", bytes, first: 7 }, cifar10Room(5), 2)).toThrow(
      new DataError("x: expected labels from 0 to 9, found 200, that of image 8"),
    );
  });
});

describe("tarFiles", () => {
  const files = fc.array(fc.record({ name: fc.stringMatching(/^[a-z]{1,9}(\/[a-z]{1,9})?$/), bytes: fc.uint8Array({ maxLength: 1300 }) }), {
    maxLength: 4,
  });

  async function* inPieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
  }

  async function contents(archive: AsyncGenerator<TarFile>, wanted: (i: number) => boolean) {
    const read: unknown[] = [];
    for await (const { name, content } of archive) {
      const pieces: Uint8Array[] = [];
      if (wanted(read.length)) for await (const piece of content) pieces.push(piece);
      read.push({ name, bytes: new Uint8Array(Buffer.concat(pieces)) });
    }
    return read;
  }

  it("gives the files of an archive, in whatever pieces it comes, read or passed over", async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 3 }), async (files, length, every) => {
        const wanted = (i: number): boolean => i % every === 0;
        const read = await contents(tarFiles(inPieces(tarArchive(files), length), "x"), wanted);
        expect(read).toEqual(files.map(({ name, bytes }, i) => ({ name, bytes: wanted(i) ? bytes : new Uint8Array(0) })));
      }),
    );
  });

  it("refuses an archive that ends within a file or a header", async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.nat(), async (files, cut) => {
        const archive = tarArchive(files);
        const end = archive.length - 1024;
        const at = cut % end;
        const read = contents(tarFiles(inPieces(archive.subarray(0, at), 700), "x"), () => true);
        const starts = boundaries(files);
        if (starts.includes(at)) await expect(read).resolves.toBeDefined();
        else
          await expect(read).rejects.toThrow(
            /^x: .*expected \d+ bytes, found the archive's end after \d+$|^x: expected a header of 512 bytes/,
          );
      }),
    );
  });

  /** Where entries start: an archive may end there. */
  function boundaries(files: readonly { readonly bytes: Uint8Array }[]): readonly number[] {
    const starts = [0, 512, 1024];
    for (const { bytes } of files) starts.push((starts.at(-1) as number) + 512 + 512 * Math.ceil(bytes.length / 512));
    return starts;
  }

  it("refuses a header with a byte changed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(511), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const archive = tarArchive([{ name: "a", bytes: Uint8Array.of(1) }]);
        // Within the checksum's field, blanks and zeros say the same.
        fc.pre(at < 148 || at >= 156);
        archive[at] = (archive[at] as number) ^ change;
        await expect(contents(tarFiles(inPieces(archive, 512), "x"), () => true)).rejects.toThrow(
          /^x: expected a tar archive, found a header with checksum/,
        );
      }),
    );
  });
});

describe("draw", () => {
  const of = (n: number) => ({ labels: new Uint8Array(n) });

  it("draws indices of images, and the same from the same seed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 50 }), fc.nat(), (n, size, seed) => {
        const indices = draw(of(n), size, createRng(seed));
        expect(indices).toHaveLength(size);
        expect(indices.every((i) => i >= 0 && i < n)).toBe(true);
        expect(draw(of(n), size, createRng(seed))).toEqual(indices);
      }),
    );
  });

  it("is independent and uniform: pairs in one batch are all as frequent, repeats among them", () => {
    const counts = new Float64Array(16);
    const rng = createRng(5);
    const batches = 16_000;
    for (let b = 0; b < batches; b++) {
      const [i, j] = draw(of(4), 2, rng) as unknown as [number, number];
      counts[4 * i + j] = (counts[4 * i + j] as number) + 1;
    }
    // χ² of 16 cells has 15 degrees of freedom: it exceeds 44.3 with probability 10⁻⁴, and the seed is fixed.
    const expected = batches / 16;
    expect(counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(44.3);
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses a batch of %d", (size) => {
    expect(() => draw(of(3), size, createRng(0))).toThrow(`draw: batchSize must be a positive integer, got ${size}`);
  });

  it("refuses to draw from nothing", () => {
    expect(() => draw(of(0), 1, createRng(0))).toThrow("draw: expected images to draw from, got none");
  });
});

it("the formats need no Node: whatever they import is beside them, or runs in a browser as well", () => {
  const folder = new URL("../src/data/", import.meta.url);
  const modules = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  const imported = modules.flatMap((name) =>
    [...readFileSync(new URL(name, folder), "utf8").matchAll(/from "(.*)";/g)].map(([, from]) => from as string),
  );
  const elsewhere = new Set(imported.filter((from) => !modules.includes(from.slice(2))));
  expect([...elsewhere].sort()).toEqual(["@lodo/tensor", "@noble/hashes/sha2.js", "@noble/hashes/utils.js"]);
});
