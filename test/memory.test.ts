import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { writeMnistFiles } from "../packages/experiments/test/dataFiles.ts";
import { lodoHere } from "./lodo.ts";

const root = mkdtempSync(join(tmpdir(), "lodo-memory-"));
afterAll(() => rmSync(root, { recursive: true }));
writeMnistFiles(join(root, "mnist"), 1);

const what = ["run", "image-generation", "--optimizer", "lodo", "--backend", "simd"];
const how = ["--threads", "1", "--set", "batch=2", "piece=2"];

/** Bytes of the resident set of a process at most, which runs so many steps and writes a checkpoint after each. */
function peakOf(steps: number): number {
  const tell = "process.on('exit', () => console.error('peak ' + 1024 * process.resourceUsage().maxRSS))";
  const hook = ["--import", `data:text/javascript,${encodeURIComponent(tell)}`];
  const files = ["--checkpoint-every", "1", "--evaluation-draws", "2", "--data", root, "--out", join(root, `${steps}`)];
  const { status, stderr } = spawnSync(
    process.execPath,
    [...hook, resolve("packages/experiments/bin/lodo.js"), ...what, ...how, "--steps", `${steps}`, ...files],
    { encoding: "utf8" },
  );
  expect(status, stderr).toBe(0);
  return Number(/peak (\d+)/.exec(stderr)?.[1]);
}

describe("the memory that a dry run states", () => {
  // "About" is a tenth. Of a run's footprint of 1.4 GB the two copies that a checkpoint takes are 0.3: they may lie there once more than at the
  // last measurement, until the garbage collector has run, which is less than a quarter.
  it("is what a run by LODO takes, however long it is", async () => {
    const { stdout } = await lodoHere([...what, ...how, "--dry-run", "--json"]);
    const stated = JSON.parse(stdout).estimate.peakBytes as number;
    const [short, long] = [peakOf(2), peakOf(5)];
    expect(long).toBeLessThan(1.1 * stated);
    // What the images of a real data set take is in it, and these are few.
    expect(long).toBeGreaterThan(0.6 * stated);
    expect(long).toBeLessThan(1.25 * short);
  });
});
