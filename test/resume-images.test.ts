import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause, setImmediate as yieldToEvents } from "node:timers/promises";
import { createRng } from "@lodo/tensor";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeMnistFiles } from "../packages/experiments/test/dataFiles.ts";
import { killed } from "./killed.ts";
import { lodoHere, start } from "./lodo.ts";

const full = process.env["LODO_FULL"] !== undefined;

let root = "";
const at = (...names: readonly string[]): string => join(root, ...names);

/** The variant of LODO whose checkpoint is the smallest, 1.9 MB: that of LODO itself takes a second to write. */
const what = ["run", "image-generation", "--optimizer", "lodo-diagonal", "--backend", "simd", "--threads", "1"];
const STEPS = 5;
const how = ["--steps", `${STEPS}`, "--seed", "2", "--set", "batch=2", "--checkpoint-every", "1"];
const watched = ["--evaluate-every", "2", "--evaluation-draws", "2"];
const begin = (folder: string): readonly string[] => [...what, ...how, ...watched, "--data", at("data"), "--out", folder];

const results = ["records.jsonl", "evaluations.jsonl", "checkpoint.safetensors", "summary.json", "config.json", "environment.json"];
const bytesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(results.map((name) => [name, readFileSync(join(folder, name)).toString("base64")]));

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "lodo-resume-images-"));
  writeMnistFiles(at("data", "mnist"), 1);
  expect(await lodoHere(begin(at("uninterrupted")))).toMatchObject({ code: 0 });
}, 60_000);
afterAll(() => rmSync(root, { recursive: true }));

/** A process is killed when so much is on record, and then either some milliseconds later or while it writes a checkpoint. */
const moments = (() => {
  const rng = createRng(7);
  return Array.from({ length: full ? 20 : 2 }, (_, i) => ({
    i,
    records: 0.8 * rng.uniform(),
    milliseconds: i % 2 === 0 ? null : 100 * rng.uniform(),
  }));
})();

describe("a run on images that is killed", () => {
  it.each(moments)("at moment $i resumes to the bits of the uninterrupted run", async ({ i, records, milliseconds }) => {
    const folder = at(`killed ${i}`);
    const enough = records * statSync(at("uninterrupted", "records.jsonl")).size;
    const size = (): number => statSync(join(folder, "records.jsonl"), { throwIfNoEntry: false })?.size ?? -1;
    const isWriting = (): boolean => existsSync(join(folder, "checkpoint.safetensors.partial"));
    await killed({
      folder,
      begin: () => start(...begin(folder)),
      async moment(process, share) {
        while (process.exitCode === null && size() < share * enough) await pause(5);
        if (milliseconds !== null) await pause(share * milliseconds);
        else while (process.exitCode === null && !isWriting()) await yieldToEvents();
      },
      // What is half-written stays as it is.
      cutOff: () => !existsSync(join(folder, "summary.json")) && (milliseconds !== null || isWriting()),
    });
    // What it is judged by, it knows.
    expect(await lodoHere([...what, "--data", at("data"), "--out", folder, "--resume"])).toMatchObject({ code: 0 });
    expect(bytesOf(folder)).toEqual(bytesOf(at("uninterrupted")));
  });
});

describe("a run on images that is judged on its way", () => {
  it("is the run that is not", async () => {
    const args = [...what, ...how, "--evaluation-draws", "2", "--data", at("data"), "--out", at("unwatched")];
    expect(await lodoHere(args)).toMatchObject({ code: 0 });
    for (const name of ["records.jsonl", "summary.json"])
      expect(readFileSync(at("unwatched", name)).equals(readFileSync(at("uninterrupted", name)))).toBe(true);
    expect(existsSync(at("unwatched", "evaluations.jsonl"))).toBe(false);
  });

  it("has the task's metrics in its lines", () => {
    const lines = readFileSync(at("uninterrupted", "evaluations.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      [2, 4, 5].map((evaluation) => ({
        evaluation,
        metrics: ["validation loss", "test loss"].map((name) => ({
          name,
          mean: expect.any(Number),
          standardError: expect.any(Number),
          examples: 2,
        })),
      })),
    );
  });
});
