import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { useBackend } from "@lodo/tensor";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { openBackend } from "../packages/experiments/src/backends/openBackend.ts";
import type { RunConfiguration } from "../packages/experiments/src/run/configuration.ts";
import { bytesOf } from "../packages/experiments/src/run/estimate.ts";
import { predictFootprint } from "../packages/experiments/src/run/memory.ts";
import { simulate } from "../packages/experiments/src/run/simulate.ts";
import type { Summary } from "../packages/experiments/src/run/tally.ts";
import { advance } from "../packages/experiments/src/simulation.ts";
import { withArena } from "../packages/experiments/src/withArena.ts";
import { writeCifarFiles } from "../packages/experiments/test/dataFiles.ts";
import { lodoHere } from "./lodo.ts";

let root = "";
const at = (...names: readonly string[]): string => join(root, ...names);

const run = ["run", "image-classification", "--backend", "simd", "--optimizer", "momentum"];

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "lodo-classes-"));
  writeCifarFiles(at("data", "cifar-10"), 1);
});
afterAll(() => rmSync(root, { recursive: true }));

/** A user without data. */
beforeEach(() => {
  vi.stubEnv("XDG_CACHE_HOME", at("nothing"));
  vi.stubEnv("LODO_DATA", "");
});
afterEach(() => vi.unstubAllEnvs());

describe("lodo run image-classification", () => {
  it("trains on the data in a folder, and is judged by loss and accuracy on test images", async () => {
    const args = ["--steps", "2", "--set", "batch=64", "width=1", "--tuned", "paper", "--evaluation-draws", "5"];
    const { code, stdout, stderr } = await lodoHere([...run, ...args, "--data", at("data"), "--out", at("run")]);
    expect([code, stderr]).toEqual([0, expect.stringContaining("data_batch_1.bin: unverified: its SHA-256 is ")]);
    expect(stdout).toMatch(/test loss {5}\d\.\d+ \(.*5 examples.*\)\n {2}test accuracy [01]\.\d+ \(.*5 examples.*\)\n/);
    expect(stdout).toContain("data          cifar-10 (unverified)\n");
    const { metrics = [] } = JSON.parse(readFileSync(at("run", "summary.json"), "utf8")) as Summary;
    expect(metrics.map(({ name, examples }) => [name, examples])).toEqual([
      ["test loss", 5],
      ["test accuracy", 5],
    ]);
    const { hyperparameters } = JSON.parse(readFileSync(at("run", "config.json"), "utf8")) as RunConfiguration;
    expect(hyperparameters).toMatchObject({ learningRate: 0.009942, momentum: 0.99409 });
  });

  it("without data says what to put where", async () => {
    const { code, stderr } = await lodoHere([...run, "--steps", "2", "--set", "batch=2", "width=1"]);
    expect(code).toBe(1);
    expect(stderr).toContain(`expected the train split of CIFAR-10 in ${at("nothing", "lodo", "cifar-10")}`);
    expect(stderr).toContain("lodo data cifar-10 fetches them");
  });

  it("--dry-run needs no data; what memory will not hold is refused, before it begins", async () => {
    const dry = [...run, "--dry-run", "--json", "--set", "width=2"];
    const { stdout } = await lodoHere([...dry, "batch=4"]);
    // Of w channels: 2724 w² + 257 w + 10, which at w = 64 is 11 173 962.
    expect(JSON.parse(stdout).estimate).toMatchObject({ parameters: 2724 * 4 + 257 * 2 + 10 });
    const { code, stderr } = await lodoHere([...dry, "batch=65536"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/a step would take about [\d.e+]+ GiB of memory, and .* make batch \(65536\) or width \(2\) smaller\n$/m);
    // What takes the memory here is θ.
    const lodo = await lodoHere([
      "run",
      "image-classification",
      "--backend",
      "simd",
      "--optimizer",
      "lodo",
      "--dry-run",
      "--set",
      "batch=1",
    ]);
    expect([lodo.code, lodo.stderr]).toEqual([1, expect.stringMatching(/a step would take about \d+ GiB of memory/)]);
  });
});

it.each(["sgd", "adam"])("the memory of a step of %s is what those of narrower networks say", async (optimizer) => {
  const { backend } = await openBackend("simd", { memory: 2 ** 29 });
  const before = useBackend(backend);
  try {
    const taskOptions = { batch: 12, width: 5 };
    const run: RunConfiguration = {
      task: "image-classification",
      optimizer,
      seed: 0,
      steps: 9,
      recordEvery: 1,
      checkpointEvery: 1,
      hyperparameters: {},
      taskOptions,
    };
    const predicted = predictFootprint(run)?.step as number;
    const simulation = simulate(run, { rehearsal: true });
    const taken = withArena((arena) => {
      let snapshot = simulation.start;
      for (let step = 0; step < 2; step++) ({ snapshot } = advance(simulation.task, simulation.optimizer, snapshot, arena));
      return arena.pooledBytes + bytesOf(snapshot);
    });
    // Memory of one size is shared: where extents of a narrow network coincide, that is less than a hundredth of it.
    expect(Math.abs(predicted / taken - 1)).toBeLessThan(0.01);
  } finally {
    useBackend(before);
  }
});
