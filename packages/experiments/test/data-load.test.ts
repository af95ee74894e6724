import { createHash } from "node:crypto";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadImages } from "../src/data/disk/loadImages.ts";
import { cacheFolder, candidateFolders, dataFolder } from "../src/data/disk/places.ts";
import { surveyAll } from "../src/data/disk/survey.ts";
import { DataError } from "../src/data/errors.ts";
import { folder, idxFile, nobody, type Publication, sha256, tinyCifar, tinyMnist } from "./dataFiles.ts";

const digits = tinyMnist("digits", 3);
const clothes = tinyMnist("clothes", 8);
const cifar = tinyCifar();
const known = [digits.dataset, clothes.dataset, cifar.dataset];

/** Puts files into a folder. */
function put(path: string, files: Readonly<Record<string, Uint8Array>>): string {
  mkdirSync(path, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(path, name), bytes);
  return path;
}

const load = ({ dataset }: Publication, data: string, more: { readonly atLeast?: number; readonly warn?: (line: string) => void } = {}) =>
  loadImages(dataset, "train", { data, known, around: nobody("/nowhere"), ...more });

/** What is thrown for a folder, which must be an error of ours. */
function refusal(publication: Publication, data: string, atLeast = 1): string {
  try {
    load(publication, data, { atLeast });
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    return (error as Error).message;
  }
  throw new Error("expected a refusal, got images");
}

describe("loadImages", () => {
  it("reads both splits, with the data set's name and a digest that sha256sum comes to as well", () => {
    const data = put(folder(), digits.files);
    const train = load(digits, data);
    const files = Object.values(digits.files);
    expect(train).toEqual({
      name: "digits",
      split: "train",
      verified: true,
      shape: [4, 2, 3, 1],
      images: new Uint8Array((files[0] as Uint8Array).subarray(16)),
      labels: Uint8Array.of(3, 1, 3, 9),
      digest: createHash("sha256")
        .update(`${sha256(files[0] as Uint8Array)}\n${sha256(files[1] as Uint8Array)}\n`)
        .digest("hex"),
    });
    const test = loadImages(digits.dataset, "test", { data, known });
    expect([test.split, test.shape, [...test.labels]]).toEqual(["test", [3, 2, 3, 1], [3, 0, 7]]);
  });

  it("knows gzip by its bytes and not by a name, and comes to the same", () => {
    const [name] = Object.keys(digits.files) as [string];
    const plain = load(digits, put(folder(), digits.files));
    const packed = Object.fromEntries(Object.entries(digits.files).map(([name, bytes]) => [name, gzipSync(bytes)]));
    expect(load(digits, put(folder(), packed))).toEqual(plain);
    const { [name]: images, ...others } = digits.files;
    expect(load(digits, put(folder(), { ...others, [`${name}.gz`]: images as Uint8Array }))).toEqual(plain);
    expect(load(digits, put(folder(), { ...others, "train-images.idx3-ubyte.gz": gzipSync(images as Uint8Array) }))).toEqual(plain);
  });

  it("puts the batches of CIFAR-10 one after the other, with red, green and blue together", () => {
    const data = put(folder(), cifar.files);
    const { name, shape, images, labels } = load(cifar, data);
    expect([name, shape, [...labels]]).toEqual(["tiny-cifar", [6, 32, 32, 3], cifar.labels]);
    // The fifth image is the second of the second file, whose salt is 5.
    expect([...images.subarray(4 * 3072, 4 * 3072 + 6)]).toEqual([0, 1, 2, 3, 4, 5].map((i) => ((3072 + i) * 31 + 5) % 256));
  });

  it("reads what is of the right form with a warning, under a name that says unverified", () => {
    const files = { ...digits.files, "train-labels-idx1-ubyte": idxFile([4], Uint8Array.of(0, 0, 0, 0)) };
    const data = put(folder(), files);
    const warnings: string[] = [];
    const { name, verified } = load(digits, data, { warn: (line) => warnings.push(line) });
    expect([name, verified]).toEqual(["digits (unverified)", false]);
    const [found, published] = [files, digits.files].map((of) => sha256(of["train-labels-idx1-ubyte"] as Uint8Array));
    expect(warnings).toEqual([
      `${data}/train-labels-idx1-ubyte: unverified: its SHA-256 is ${found}, that of DIGITS's train-labels-idx1-ubyte is ${published}`,
    ]);
  });

  it("lets no data set pass for another", () => {
    const data = put(folder(), clothes.files);
    expect(refusal(digits, data)).toBe(
      `${data}/train-images-idx3-ubyte: expected DIGITS's train-images-idx3-ubyte, found CLOTHES's train-images-idx3-ubyte`,
    );
    expect(load(clothes, data).name).toBe("clothes");
  });

  it("refuses what is cut short, wherever, packed or not", () => {
    const data = put(folder(), digits.files);
    fc.assert(
      fc.property(fc.constantFrom(0, 1), fc.boolean(), fc.nat(), (which, packed, at) => {
        const [name, bytes] = Object.entries(digits.files)[which] as [string, Uint8Array];
        const whole = packed ? gzipSync(bytes) : bytes;
        put(data, { ...digits.files, [name]: whole.subarray(0, at % whole.length) });
        expect(refusal(digits, data)).toMatch(new RegExp(`^${data}/${name}: expected .*found`));
      }),
    );
    fc.assert(
      fc.property(fc.nat(), (at) => {
        const [name, bytes] = Object.entries(cifar.files)[1] as [string, Uint8Array];
        put(data, { ...cifar.files, [name]: bytes.subarray(0, at % bytes.length) });
        expect(refusal(cifar, data)).toBe(`${data}/${name}: expected 9219 bytes, as TINY-CIFAR's ${name} has, found ${at % bytes.length}`);
      }),
    );
  });

  it("refuses gzip with any bit changed after its header, but for those that fill up a byte and mean nothing", () => {
    const data = put(folder(), digits.files);
    const [name, bytes] = Object.entries(digits.files)[0] as [string, Uint8Array];
    const packed = gzipSync(bytes);
    const whole = load(digits, data);
    let meaningless = 0;
    for (let bit = 8 * 10; bit < 8 * packed.length; bit++) {
      const damaged = new Uint8Array(packed);
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
      put(data, { [name]: damaged });
      if (isUnharmed(() => expect(load(digits, data)).toEqual(whole), `${data}/${name}`, packed.length)) meaningless++;
    }
    // One block has been packed: its bits are followed by fewer than eight.
    expect(meaningless).toBeLessThan(8);
  });

  function isUnharmed(read: () => void, file: string, length: number): boolean {
    try {
      read();
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(DataError);
      expect((error as Error).message).toMatch(new RegExp(`^${file}: expected a whole gzip file, found a damaged one of ${length} bytes`));
      return false;
    }
  }

  it.each<[string, (data: string) => void, (data: string) => string]>([
    [
      "images and labels swapped",
      (data) => {
        renameSync(join(data, "train-images-idx3-ubyte"), join(data, "x"));
        renameSync(join(data, "train-labels-idx1-ubyte"), join(data, "train-images-idx3-ubyte"));
        renameSync(join(data, "x"), join(data, "train-labels-idx1-ubyte"));
      },
      (data) =>
        `${data}/train-images-idx3-ubyte: expected an IDX file of images, which begins 00 00 08 03; found 00 00 08 01: one of labels`,
    ],
    [
      "other counts",
      (data) => put(data, { "train-labels-idx1-ubyte": idxFile([5], new Uint8Array(5)) }),
      (data) =>
        `expected a label for each image, found 4 images in ${data}/train-images-idx3-ubyte and 5 labels in ${data}/train-labels-idx1-ubyte`,
    ],
    [
      "images of another size",
      (data) => put(data, { "train-images-idx3-ubyte": idxFile([4, 3, 2], new Uint8Array(24)) }),
      (data) => `${data}: expected images of 2×3×1 for DIGITS, found 3×2×1`,
    ],
    [
      "a folder in a file's place",
      (data) => {
        rmSync(join(data, "train-images-idx3-ubyte"));
        mkdirSync(join(data, "train-images-idx3-ubyte"));
      },
      (data) => `${data}/train-images-idx3-ubyte: expected a file, found a folder`,
    ],
    [
      "a missing file",
      (data) => rmSync(join(data, "train-labels-idx1-ubyte")),
      (data) =>
        `expected the train split of DIGITS in ${data}, found 1 of its files and no train-labels-idx1-ubyte; lodo data digits fetches them; by hand, put train-images-idx3-ubyte,`,
    ],
  ])("refuses %s", (_, damage, message) => {
    const data = put(folder(), digits.files);
    damage(data);
    expect(refusal(digits, data)).toContain(message(data));
  });

  it("refuses too few images, a file for a folder, a folder for a batch, and says where it looked", () => {
    const data = put(folder(), { ...digits.files });
    expect(refusal(digits, data, 5)).toBe(`${data}: expected at least 5 images of DIGITS, found 4`);
    expect(refusal(digits, join(data, "train-images-idx3-ubyte"))).toContain("cannot read the folder");
    expect(refusal(cifar, data)).toContain(
      `expected the train split of TINY-CIFAR in ${data}/tiny-cifar or ${data}, found none of its files`,
    );
    put(data, cifar.files);
    rmSync(join(data, "data_batch_2.bin"));
    mkdirSync(join(data, "data_batch_2.bin"));
    expect(refusal(cifar, data)).toBe(`${data}/data_batch_2.bin: expected a file, found a folder`);
  });
});

describe("where data lies", () => {
  const home = "/home/ada";

  it("is a cache as the system has it", () => {
    expect(cacheFolder(nobody(home))).toBe("/home/ada/.cache/lodo");
    expect(cacheFolder({ ...nobody(home), env: { XDG_CACHE_HOME: "/var/x" } })).toBe("/var/x/lodo");
    expect(cacheFolder({ ...nobody(home), env: { XDG_CACHE_HOME: "x" } })).toBe("/home/ada/.cache/lodo");
    expect(cacheFolder({ env: {}, platform: "darwin", home: "/Users/ada" })).toBe("/Users/ada/Library/Caches/lodo");
    expect(cacheFolder({ env: {}, platform: "win32", home: "C:\\Users\\ada" })).toBe("C:\\Users\\ada\\AppData\\Local\\lodo\\Cache");
    expect(cacheFolder({ env: { LOCALAPPDATA: "D:\\local" }, platform: "win32", home: "C:\\" })).toBe("D:\\local\\lodo\\Cache");
  });

  it("is the folder given, else $LODO_DATA, else the cache", () => {
    const around = { ...nobody(home), env: { LODO_DATA: "/data" } };
    expect(dataFolder("here", around)).toBe("here");
    expect(dataFolder(undefined, around)).toBe("/data");
    expect(dataFolder(undefined, { ...around, env: { LODO_DATA: "" } })).toBe("/home/ada/.cache/lodo");
  });

  it("is looked for in the same order, and in no other folder than one given", () => {
    const home = folder();
    const [given, variable] = [folder(), folder()];
    const around = { ...nobody(home), env: { LODO_DATA: variable } };
    const from = (data?: string): string =>
      loadImages(digits.dataset, "train", { known, around, ...(data === undefined ? {} : { data }) }).name;
    expect(() => from()).toThrow("found none of its files");
    put(join(home, ".cache/lodo/digits"), digits.files);
    expect(from()).toBe("digits");
    expect(() => from(given)).toThrow("found none of its files");
    // Found before the cache's: it alone is unverified.
    put(join(variable, "digits"), { ...digits.files, "train-labels-idx1-ubyte": idxFile([4], new Uint8Array(4)) });
    expect(from()).toBe("digits (unverified)");
    put(given, digits.files);
    expect(from(given)).toBe("digits");
  });

  it("is also where Debian puts it, on Linux", () => {
    const dataset = { ...digits.dataset, debian: { package: "digits", folder: "/usr/share/digits" } };
    expect(candidateFolders(dataset, undefined, nobody(home)).at(-1)).toBe("/usr/share/digits");
    expect(candidateFolders(dataset, "given", nobody(home))).toEqual(["given/digits", "given"]);
    expect(candidateFolders(dataset, undefined, { env: {}, platform: "win32", home: "C:" })).not.toContain("/usr/share/digits");
  });
});

it("surveyAll tells by the digests what there is", () => {
  const data = put(folder(), clothes.files);
  put(join(data, "digits"), digits.files);
  rmSync(join(data, "digits", "t10k-labels-idx1-ubyte"));
  put(join(data, "tiny-cifar"), { ...cifar.files, "data_batch_2.bin": new Uint8Array(5) });
  const states = (): readonly unknown[] =>
    surveyAll(data, nobody("/nowhere"), known).map(({ dataset, split, state, remark }) => [dataset, split, state, remark]);
  expect(states()).toEqual([
    ["digits", "train", "verified", null],
    // The folder itself has files of these names, which are others.
    ["digits", "test", "wrong", `${data}/t10k-images-idx3-ubyte is CLOTHES's t10k-images-idx3-ubyte`],
    ["clothes", "train", "verified", null],
    ["clothes", "test", "verified", null],
    ["tiny-cifar", "train", "unverified", "not the published data_batch_2.bin"],
    ["tiny-cifar", "test", "verified", null],
  ]);
  rmSync(join(data, "t10k-images-idx3-ubyte"));
  put(data, { "train-images-idx3-ubyte": gzipSync(Uint8Array.of(1, 2, 3)).subarray(0, 15) });
  rmSync(join(data, "tiny-cifar"), { recursive: true });
  expect(states().slice(1)).toEqual([
    ["digits", "test", "incomplete", "no t10k-labels-idx1-ubyte"],
    ["clothes", "train", "wrong", expect.stringContaining("expected a whole gzip file")],
    ["clothes", "test", "incomplete", "no t10k-images-idx3-ubyte"],
    ["tiny-cifar", "train", "absent", null],
    ["tiny-cifar", "test", "absent", null],
  ]);
});
