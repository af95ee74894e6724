import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fetch } from "../src/data/disk/download.ts";
import { type FetchOptions, fetchDataset } from "../src/data/disk/fetchDataset.ts";
import { loadImages } from "../src/data/disk/loadImages.ts";
import { DataError } from "../src/data/errors.ts";
import { folder, type Publication, tinyCifar, tinyMnist } from "./dataFiles.ts";

const digits = tinyMnist("digits", 3);
const cifar = tinyCifar();
const packedArchive = new Uint8Array(gzipSync(cifar.archive));
const cifarPublished: Publication = {
  ...cifar,
  dataset: {
    ...cifar.dataset,
    published: {
      addresses: ["http://one.invalid/"],
      // SHA-256 of gzip's bytes, which are the test's own.
      archive: { name: "tiny.tar.gz", bytes: packedArchive.length, sha256: await hexDigest(packedArchive) },
    },
  },
};

async function hexDigest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
}

/** A body that comes in pieces. */
const inPieces = (bytes: Uint8Array, length: number): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += length) controller.enqueue(bytes.subarray(at, at + length));
      controller.close();
    },
  });

/** A web with these files at these addresses, and nothing else. */
const web =
  (files: Readonly<Record<string, Uint8Array>>, asked: string[] = [], length = 50): Fetch =>
  async (address) => {
    asked.push(address);
    const bytes = files[address];
    return bytes ? new Response(inPieces(bytes, length)) : new Response("no such file", { status: 404, statusText: "Not Found" });
  };

const packedAt = (address: string, files: Readonly<Record<string, Uint8Array>>): Readonly<Record<string, Uint8Array>> =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${address}${name}.gz`, gzipSync(bytes)]));

async function refusal(publication: Publication, into: string, options: FetchOptions): Promise<string> {
  const error: unknown = await fetchDataset(publication.dataset, into, options).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message;
}

describe("fetchDataset", () => {
  it("brings every file unpacked into its place, and nothing else, in whatever pieces it comes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 200 }), fc.boolean(), async (length, packed) => {
        const into = join(folder(), "not", "there", "yet");
        // Servers may unpack on the way what is called .gz.
        const files = packed
          ? packedAt("http://one.invalid/", digits.files)
          : Object.fromEntries(Object.entries(digits.files).map(([name, bytes]) => [`http://one.invalid/${name}.gz`, bytes]));
        const progress: number[] = [];
        const fetched = await fetchDataset(digits.dataset, into, {
          fetch: web(files, [], length),
          onProgress: (bytes) => progress.push(bytes),
        });
        expect(fetched.fetched.map(({ name }) => name)).toEqual(Object.keys(digits.files));
        expect(readdirSync(into).sort()).toEqual(Object.keys(digits.files).sort());
        for (const [name, bytes] of Object.entries(digits.files)) expect(new Uint8Array(readFileSync(join(into, name)))).toEqual(bytes);
        expect(progress).toEqual([...progress].sort((a, b) => a - b));
        expect(progress.at(-1)).toBe(Object.values(digits.files).reduce((sum, { length }) => sum + length, 0));
        expect(loadImages(digits.dataset, "test", { data: into }).verified).toBe(true);
      }),
      { numRuns: 15, examples: [[1, true]] },
    );
  });

  it("brings the files that are wanted out of an archive", async () => {
    const into = folder();
    const files = { "http://one.invalid/tiny.tar.gz": packedArchive };
    await fetchDataset(cifarPublished.dataset, into, { fetch: web(files, [], 1000) });
    expect(readdirSync(into).sort()).toEqual(Object.keys(cifar.files).sort());
    expect(loadImages(cifarPublished.dataset, "train", { data: into })).toMatchObject({ name: "tiny-cifar", verified: true });
  });

  it("fetches only what is missing, and nothing where all is there", async () => {
    const into = folder();
    const [kept] = Object.entries(digits.files)[2] as [string, Uint8Array];
    // Packed or not, under a name that Debian gives it.
    writeFileSync(join(into, `${kept}.gz`), gzipSync(digits.files[kept] as Uint8Array));
    const asked: string[] = [];
    const fetch = web(packedAt("http://one.invalid/", digits.files), asked);
    const progress: number[] = [];
    const { kept: keptFiles } = await fetchDataset(digits.dataset, into, { fetch, onProgress: (bytes) => progress.push(bytes) });
    expect(Math.min(...progress)).toBeGreaterThan((digits.files[kept] as Uint8Array).length);
    expect(progress.at(-1)).toBe(Object.values(digits.files).reduce((sum, { length }) => sum + length, 0));
    expect(keptFiles.map(({ name }) => name)).toEqual([kept]);
    expect(asked).toHaveLength(3);
    expect(await fetchDataset(digits.dataset, into, { fetch })).toMatchObject({ fetched: [] });
    expect(asked).toHaveLength(3);
  });

  it("goes on to the next address where one fails or has another file", async () => {
    const into = folder();
    const asked: string[] = [];
    const good = packedAt("http://two.invalid/", digits.files);
    const first = { "http://one.invalid/train-images-idx3-ubyte.gz": gzipSync("something else") };
    await fetchDataset(digits.dataset, into, { fetch: web({ ...good, ...first }, asked) });
    expect(asked).toHaveLength(8);
    expect(loadImages(digits.dataset, "train", { data: into }).verified).toBe(true);
  });

  it("asks a mirror and nobody else", async () => {
    const asked: string[] = [];
    await fetchDataset(digits.dataset, folder(), {
      mirror: "http://mirror.invalid/x",
      fetch: web(packedAt("http://mirror.invalid/x/", digits.files), asked),
    });
    expect(asked.every((address) => address.startsWith("http://mirror.invalid/x/"))).toBe(true);
  });

  it("says, where there is no network, what to put where", async () => {
    const into = folder();
    const fetch: Fetch = async () => {
      throw new TypeError("fetch failed", { cause: new Error("getaddrinfo ENOTFOUND one.invalid") });
    };
    expect(await refusal(digits, into, { fetch })).toBe(
      [
        "cannot fetch DIGITS:",
        "  http://one.invalid/train-images-idx3-ubyte.gz: fetch failed: getaddrinfo ENOTFOUND one.invalid",
        "  http://two.invalid/train-images-idx3-ubyte.gz: fetch failed: getaddrinfo ENOTFOUND one.invalid",
        `by hand, put ${Object.keys(digits.files).join(", ")} into ${into}, gzipped or not (from http://one.invalid/)`,
      ].join("\n"),
    );
    expect(readdirSync(into)).toEqual([]);
  });

  it("leaves nothing of what is cut short, changed, too long or missing", async () => {
    const [name, bytes] = Object.entries(digits.files)[0] as [string, Uint8Array];
    const packed = gzipSync(bytes);
    const only = (content: Uint8Array): FetchOptions => ({ fetch: web({ [`http://one.invalid/${name}.gz`]: content }) });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: packed.length - 1 }), async (at) => {
        const into = folder();
        expect(await refusal(digits, into, only(packed.subarray(0, at)))).toMatch(/unexpected end of file|expected 40 bytes with SHA-256/);
        expect(readdirSync(into)).toEqual([]);
      }),
      { numRuns: 20 },
    );
    const changed = new Uint8Array(bytes).fill(7, 20);
    expect(await refusal(digits, folder(), only(gzipSync(changed)))).toMatch(
      /expected 40 bytes with SHA-256 [0-9a-f]{64}, found 40 with [0-9a-f]{64}/,
    );
    expect(await refusal(digits, folder(), only(gzipSync(new Uint8Array(10_000_000))))).toContain(
      "expected 40 bytes, unpacked, found more",
    );
    expect(await refusal(digits, folder(), only(packed))).toContain("train-labels-idx1-ubyte.gz: HTTP 404 Not Found");
  });

  it("says what broke a connection off, and leaves nothing", async () => {
    const into = folder();
    const packed = gzipSync(Buffer.concat(Object.values(cifar.files)));
    const fetch: Fetch = async () => {
      let sent = false;
      const body = new ReadableStream({
        pull(controller) {
          if (sent) controller.error(new TypeError("terminated", { cause: new Error("other side closed") }));
          else controller.enqueue(packed.subarray(0, 90));
          sent = true;
        },
      });
      return new Response(body);
    };
    expect(await refusal(digits, into, { fetch })).toContain("one.invalid/train-images-idx3-ubyte.gz: terminated: other side closed\n");
    expect(readdirSync(into)).toEqual([]);
  });

  it("trusts no archive but the published one, and leaves nothing of another", async () => {
    const into = folder();
    const other = new Uint8Array(packedArchive);
    // gzip's header says when it was packed; nothing that is unpacked depends on it.
    other[5] = 99;
    for (const content of [other, packedArchive.subarray(0, packedArchive.length - 30)]) {
      const message = await refusal(cifarPublished, into, { fetch: web({ "http://one.invalid/tiny.tar.gz": content }, [], 777) });
      expect(message).toMatch(/expected \d+ bytes with SHA-256|unexpected end of file/);
      expect(readdirSync(into)).toEqual([]);
    }
  });

  it("replaces no file of the user's", async () => {
    const into = folder();
    const path = join(into, "train-images-idx3-ubyte");
    writeFileSync(path, "mine");
    const message = await refusal(digits, into, { fetch: web(packedAt("http://one.invalid/", digits.files)) });
    expect(message).toMatch(new RegExp(`^${path}: expected DIGITS's train-images-idx3-ubyte .*; move it away, and it is fetched$`));
    expect(readFileSync(path, "utf8")).toBe("mine");
  });

  it("stops when it is told to, with whole files only", async () => {
    const into = folder();
    const stop = new AbortController();
    const files = packedAt("http://one.invalid/", digits.files);
    const fetch: Fetch = async (address, init) => {
      if (address.includes("t10k")) stop.abort("enough");
      init.signal?.throwIfAborted();
      return web(files)(address, init);
    };
    await expect(fetchDataset(digits.dataset, into, { fetch, signal: stop.signal })).rejects.toBe("enough");
    expect(readdirSync(into).sort()).toEqual(["train-images-idx3-ubyte", "train-labels-idx1-ubyte"]);
    await fetchDataset(digits.dataset, into, { fetch: web(files) });
    expect(readdirSync(into)).toHaveLength(4);
  });

  it("refuses a folder that cannot be one", async () => {
    const file = join(folder(), "file");
    writeFileSync(file, "");
    expect(await refusal(digits, join(file, "digits"), { fetch: web({}) })).toContain(`cannot make the folder ${file}/digits: ENOTDIR`);
    expect(await refusal(digits, file, { fetch: web({}) })).toContain(`cannot read the folder ${file}: ENOTDIR`);
    const taken = folder();
    mkdirSync(join(taken, "train-images-idx3-ubyte"));
    expect(await refusal(digits, taken, { fetch: web({}) })).toContain("expected a file, found a folder");
    expect(existsSync(file)).toBe(true);
  });
});
