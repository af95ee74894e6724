import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { optimizers } from "@lodo/optim";
import { createRng } from "@lodo/tensor";
import { compile } from "vega-lite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { datasetNamed } from "../packages/experiments/src/data/datasets.ts";
import { findSplit } from "../packages/experiments/src/data/disk/find.ts";
import { candidateFolders, surroundings } from "../packages/experiments/src/data/disk/places.ts";
import type { RegisteredExperiment } from "../packages/experiments/src/experiments/experiment.ts";
import { columns, testAccuracy, testLoss } from "../packages/experiments/src/experiments/imageClassification/columns.ts";
import { imageTable4 } from "../packages/experiments/src/experiments/imageClassification/table4.ts";
import { headline } from "../packages/experiments/src/experiments/index.ts";
import { reproduce } from "../packages/experiments/src/experiments/reproduce.ts";
import { byTime, type Target, targets } from "../packages/experiments/src/experiments/targets.ts";
import type { Trial, TrialResult } from "../packages/experiments/src/experiments/trial.ts";
import { theme } from "../packages/experiments/src/plots/theme.ts";
import { runJobs } from "../packages/experiments/src/pool/runJobs.ts";
import { saveReproduction } from "../packages/experiments/src/report/saveReproduction.ts";
import { writeCifarFiles } from "../packages/experiments/test/dataFiles.ts";
import { lodoHere } from "./lodo.ts";

let root = "";
const at = (...names: readonly string[]): string => join(root, ...names);

const cifar10 = datasetNamed("cifar-10");
const isThere = (["train", "test"] as const).every(
  (split) => findSplit(cifar10, split, candidateFolders(cifar10, undefined, surroundings()))?.missing.length === 0,
);

beforeAll(() => {
  expect(inject("buildFailure")).toBeNull();
  root = mkdtempSync(join(tmpdir(), "lodo-table-4-"));
});
afterAll(() => rmSync(root, { recursive: true }));

const six = ["lodo", "yogi", "adam", "rmsprop", "lars", "momentum"];

/** What a run may come to: training loss and test accuracy. */
type End = readonly [loss: number, accuracy: number];

/** Results as runs have them; null for optimizers that diverged. */
function runsOf(
  end: (name: string) => End | null,
  experiment: RegisteredExperiment = imageTable4,
): readonly { readonly job: Trial; readonly result: TrialResult }[] {
  return (experiment.jobs(experiment.presets.quick) as readonly Trial[]).map((job) => {
    const found = end(job.name);
    if (found === null) return { job, result: { score: null, divergedAt: 7, curve: [{ step: 1, loss: 2.6 }] } };
    const [score, mean] = found;
    const metrics = [
      { name: "test loss", mean: score, standardError: 0, examples: 10_000 },
      { name: "test accuracy", mean, standardError: 0, examples: 10_000 },
    ];
    const curve = [
      { step: 1, loss: 2.6 },
      { step: 9, loss: score },
    ];
    return {
      job,
      result: { score, divergedAt: null, curve, judgement: { metrics, data: { name: "cifar-10", digest: "0123456789abcdef" } } },
    };
  });
}

describe("table-4", () => {
  it("has a job for each of the paper's optimizers and seeds, plain data, with values that they take", () => {
    for (const preset of ["quick", "paper"] as const) {
      const jobs = imageTable4.jobs(imageTable4.presets[preset]) as readonly Trial[];
      expect(JSON.parse(JSON.stringify(jobs))).toEqual(jobs);
      expect([...new Set(jobs.map(({ name }) => name))]).toEqual(six);
      expect(new Set(jobs.map(({ name, seed }) => `${name} ${seed}`)).size).toBe(jobs.length);
      const problem = { dim: 3, rng: createRng(0), steps: 9, layout: { size: 3, slices: [{ path: "a", start: 0, shape: [3] }] } };
      for (const { name, values } of jobs) expect(optimizers.find((each) => each.id === name)?.create(problem, values)).toBeDefined();
    }
    const paper = imageTable4.jobs(imageTable4.presets.paper) as readonly Trial[];
    expect(paper.length).toBe(6 * 8);
    for (const job of paper)
      expect(job).toMatchObject({ evaluations: 3000, taskValues: { batch: 2048, width: 64 }, record: { judgedBy: "everything" } });
  });

  it("runs only where it is asked for, in float32", () => {
    expect(headline).not.toContain("table-4");
    expect(imageTable4.dtype).toBe("float32");
  });

  it("says which values are Table 6's, and which ours in the place of lost ones", () => {
    const settings = new Map(imageTable4.settings(imageTable4.presets.quick).map(({ name, value }) => [name, value]));
    expect([...settings.keys()]).toEqual([...six, "all"]);
    expect(settings.get("lodo")).toBe("metaLearningRate = 0.0001134, beta = 0.949, alpha0 = 0.1725 (Table 6)");
    expect([...settings].filter(([, value]) => value.includes("(ours, untuned")).map(([name]) => name)).toEqual(["rmsprop", "lars"]);
    expect(settings.get("all")).toBe("batch = 64, width = 8, judged by every test image");
  });

  it("sets training loss, test accuracy and test loss apart, no number of the paper's beside them", () => {
    const runs = runsOf((name) => (name === "adam" ? null : [0.5, 0.75]));
    const rows = imageTable4.rows(runs);
    expect([...new Set(rows.map(({ column }) => column))]).toEqual([columns.training, testAccuracy, testLoss]);
    const of = (column: string) => rows.filter((row) => row.column === column).map(({ mean }) => mean);
    expect(of(columns.training)).toEqual([0.5, 0.5, null, 0.5, 0.5, 0.5]);
    expect(of(testAccuracy)).toEqual([0.75, 0.75, null, 0.75, 0.75, 0.75]);
    expect(rows.every(({ paper }) => paper === null)).toBe(true);
    const notes = imageTable4.notes(rows, runs).join(" ");
    expect(notes).toContain("Measured on cifar-10 (SHA-256 of its digests 0123456789ab…).");
    expect(notes).toContain("here the network has width 8 and the batch is 64");
    expect(notes).toContain("adam, training loss on CIFAR-10: 2 of 2 runs diverged");
  });

  it("judges in words and draws without a warning, whatever has failed", () => {
    const some = runsOf((name) => (name === "rmsprop" ? null : [0.5, 0.75]));
    for (const runs of [some, some.filter(({ job }) => job.name !== "lodo"), []]) {
      const rows = imageTable4.rows(runs);
      expect(imageTable4.verdict(rows, runs).words).toMatch(/\.$/);
      for (const note of imageTable4.notes(rows, runs)) expect(note).toMatch(/\.$/);
      const said: unknown[] = [];
      const say = (...text: readonly unknown[]): unknown => said.push(text);
      const logger = { level: () => 0, error: say, warn: say, info: say, debug: () => {} } as never;
      for (const figure of imageTable4.figures) compile(figure.spec(runs), { logger, config: theme });
      expect(said).toEqual([]);
    }
    expect(imageTable4.verdict([], []).holds).toBe(false);
  });

  it.each([
    ["lodo has no result.", (name: string) => name !== "lodo"],
    ["none of the others has a result.", (name: string) => name === "lodo" || name === "rmsprop"],
  ])("says that %s", (words, ran) => {
    const rows = imageTable4.rows(runsOf((name) => (ran(name) ? [0.5, 0.75] : null)));
    expect(imageTable4.verdict(rows, [])).toEqual({ holds: false, words });
  });

  const fair: End = [0.5, 0.75];
  const poor: End = [0.7, 0.65];
  it.each<readonly [string, Readonly<Record<string, End | null>>, boolean]>([
    ["level with the others, RMSprop behind", { rmsprop: poor }, true],
    ["a little behind the best", { rmsprop: poor, adam: [0.46, 0.77] }, true],
    ["behind in loss", { rmsprop: [0.9, 0.5], lars: [0.4, 0.75] }, false],
    ["behind in accuracy", { rmsprop: [0.9, 0.5], yogi: [0.5, 0.8] }, false],
    ["level with RMSprop", {}, false],
    ["before RMSprop in loss, behind it in accuracy", { rmsprop: [0.7, 0.76] }, false],
    ["RMSprop diverged", { rmsprop: null }, true],
    ["one of the others diverged", { rmsprop: poor, momentum: null }, true],
    ["LODO diverged", { rmsprop: poor, lodo: null }, false],
  ])("judges: %s", (_, ends, holds) => {
    const runs = runsOf((name) => (name in ends ? (ends[name] as End | null) : fair));
    expect(imageTable4.verdict(imageTable4.rows(runs), runs).holds).toBe(holds);
  });

  it("by the clock, LARS is told how long the paper's runs are, and the page says so", () => {
    const { experiment, figures } = byTime(targets.find(({ id }) => id === "figure-6") as Target, 3) as Target;
    expect([experiment.id, figures.map(({ id }) => id)]).toEqual(["table-4-by-time", ["figure-6-by-time"]]);
    const lars = (experiment.jobs(experiment.presets.quick) as readonly Trial[]).filter(({ name }) => name === "lars");
    expect(lars[0]).toMatchObject({ seconds: 3, values: { steps: 3000 } });
    expect(experiment.notes([], []).join(" ")).toContain("over 3000 steps");
  });
});

describe("on made-up images", () => {
  beforeAll(() => writeCifarFiles(at("data", "cifar-10"), 1));
  beforeEach(() => {
    // A user without data.
    vi.stubEnv("XDG_CACHE_HOME", at("nothing"));
    vi.stubEnv("LODO_DATA", "");
  });
  afterEach(() => vi.unstubAllEnvs());

  it("each optimizer has a number in every column of the page", async () => {
    const tiny = { steps: 12, seeds: 1, batch: 32, width: 1, judgedBy: 5 };
    // LODO, one with a value of ours, and one that knows its layers and its length.
    const names = process.env["LODO_FULL"] ? six : ["lodo", "rmsprop", "lars"];
    const experiment: RegisteredExperiment = {
      ...imageTable4,
      presets: { quick: tiny, paper: tiny },
      jobs: (preset) => imageTable4.jobs(preset).filter(({ name }) => names.includes(name)),
    };
    const options = { preset: "quick", workers: 1, backend: { backend: "simd", fastMath: false }, data: at("data") } as const;
    const [reproduction] = await reproduce([experiment], options);
    expect(reproduction?.failures).toEqual([]);
    const rows = reproduction?.rows ?? [];
    expect(rows.map(({ name, column }) => `${column}: ${name}`)).toEqual(
      [columns.training, testAccuracy, testLoss].flatMap((column) => names.map((name) => `${column}: ${name}`)),
    );
    for (const { n, diverged } of rows) expect([n, diverged]).toEqual([1, 0]);
    for (const { mean } of rows.filter(({ column }) => column === testAccuracy)) expect([0, 0.2, 0.4, 0.6, 0.8, 1]).toContain(mean);
    mkdirSync(at("report"));
    const asked = targets.filter(({ id }) => id === "table-4");
    const subject = { seeds: null, seconds: null, hyperparameters: "paper", environment: {} } as const;
    await saveReproduction(at("report"), asked, reproduction ? [reproduction] : [], subject);
    expect(readdirSync(at("report"))).toContain("figure-6.svg");
    const page = readFileSync(at("report", "report.html"), "utf8");
    expect(page).toContain("<h2>Image classification on CIFAR-10</h2>");
    expect(page).toContain("Measured on cifar-10 (unverified)");
    expect(page).not.toContain(">Paper<");
  }, 120_000);

  it("what memory will not hold is refused before anything is written, as are missing data", async () => {
    const paper = ["reproduce", "table-4", "--preset", "paper", "--backend", "simd", "--out", at("never")];
    const large = await lodoHere([...paper, "--data", at("data")]);
    expect([large.code, large.stdout]).toEqual([1, ""]);
    expect(large.stderr).toMatch(
      /error: a step would take about \d+ GiB of memory, and the backend simd has 2 GiB; table-4 takes less with --preset quick\n$/,
    );
    const bare = await lodoHere(paper);
    expect([bare.code, bare.stdout]).toEqual([2, ""]);
    expect(bare.stderr).toContain("table-4 needs data: expected the train split of CIFAR-10 in ");
    expect(bare.stderr).toContain("lodo data cifar-10 fetches them");
    expect(readdirSync(root)).not.toContain("never");
  }, 60_000);
});

// The best of the table is at least as good as LARS, which is one of it.
it.runIf(process.env["LODO_FULL"])(
  "more than half of CIFAR-10's test images are told right at the quick preset",
  async ({ skip }) => {
    skip(!isThere, "CIFAR-10 is not here: lodo data cifar-10 fetches it");
    const [job] = imageTable4.jobs({ ...imageTable4.presets.quick, seeds: 1 }).filter(({ name }) => name === "lars");
    const assignment = { experiment: imageTable4.id, job: job as Trial };
    const [outcome] = await runJobs([assignment], { workers: 1, backend: { backend: "simd", fastMath: false } });
    const { judgement } = (outcome?.ok ? outcome.result : {}) as Partial<TrialResult>;
    expect(judgement?.metrics.find(({ name }) => name === "test accuracy")?.mean).toBeGreaterThan(0.5);
  },
  3_600_000,
);
