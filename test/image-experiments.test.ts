import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { optimizers } from "@lodo/optim";
import { createRng } from "@lodo/tensor";
import { compile } from "vega-lite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from "vitest";
import type { RegisteredExperiment } from "../packages/experiments/src/experiments/experiment.ts";
import { dataExperiments, headline } from "../packages/experiments/src/experiments/index.ts";
import { type Reproduction, reproduce } from "../packages/experiments/src/experiments/reproduce.ts";
import { byTime, type Target, targets } from "../packages/experiments/src/experiments/targets.ts";
import type { Trial, TrialResult } from "../packages/experiments/src/experiments/trial.ts";
import { theme } from "../packages/experiments/src/plots/theme.ts";
import { openJournal } from "../packages/experiments/src/pool/journal.ts";
import { runJobs } from "../packages/experiments/src/pool/runJobs.ts";
import { saveReproduction } from "../packages/experiments/src/report/saveReproduction.ts";
import { writeMnistFiles } from "../packages/experiments/test/dataFiles.ts";
import { lodoHere } from "./lodo.ts";

let root = "";
const at = (...names: readonly string[]): string => join(root, ...names);

beforeAll(() => {
  expect(inject("buildFailure")).toBeNull();
  root = mkdtempSync(join(tmpdir(), "lodo-image-experiments-"));
  writeMnistFiles(at("data", "fashion-mnist"), 1);
});
afterAll(() => rmSync(root, { recursive: true }));

/** A user without data. */
beforeEach(() => {
  vi.stubEnv("XDG_CACHE_HOME", at("nothing"));
  vi.stubEnv("LODO_DATA", "");
});
afterEach(() => vi.unstubAllEnvs());

const targetNamed = (id: string): Target => targets.find((target) => target.id === id) as Target;
const named = (id: string): RegisteredExperiment => targetNamed(id).experiment;

/** Results as runs have them, of which each optimizer's losses are `losses`, or which diverged. */
function runsOf(
  experiment: RegisteredExperiment,
  { losses, data }: { readonly losses: (name: string) => number | null; readonly data?: string },
  preset = experiment.presets.quick,
): readonly { readonly job: Trial; readonly result: TrialResult }[] {
  return (experiment.jobs(preset) as readonly Trial[]).map((job) => {
    const mean = losses(job.name);
    if (mean === null) return { job, result: { score: null, divergedAt: 7, curve: [{ step: 1, loss: 5.6 }] } };
    const metrics = ["validation loss", "test loss"].map((name) => ({ name, mean, standardError: 0.01, examples: 1024 }));
    const judgement = { metrics, data: { name: data ?? String(job.taskValues["data"]), digest: "0123456789abcdef" } };
    return {
      job,
      result: {
        score: mean,
        divergedAt: null,
        curve: [
          { step: 1, loss: 5.6 },
          { step: 9, loss: mean },
        ],
        judgement,
      },
    };
  });
}

const tables = dataExperiments.filter(({ id }) => /^table-[23](-fashion-mnist)?$/.test(id));

describe.each(tables.map((experiment) => [experiment.id, experiment] as const))("%s", (id, experiment) => {
  const title = id.endsWith("fashion-mnist") ? "Fashion-MNIST" : "MNIST";

  it("names its data in its title, its columns, its axis and its jobs, and computes in float32", () => {
    const runs = runsOf(experiment, { losses: () => 1 });
    expect(experiment.title).toMatch(new RegExp(` on ${title}$`));
    expect(experiment.dtype).toBe("float32");
    expect([...new Set(experiment.rows(runs).map(({ column }) => column))]).toEqual(
      ["training", "validation", "test"].map((which) => `${which} loss on ${title}`),
    );
    for (const { job } of runs) expect(job.taskValues["data"]).toBe(title.toLowerCase());
    expect(JSON.stringify(experiment.figures.map((figure) => figure.spec(runs)))).toContain(`training loss on ${title}`);
  });

  it("is no part of what runs unasked", () => expect(headline).not.toContain(id));

  it("has jobs that are plain data, no two the same, whose values their optimizers take", () => {
    const jobs = experiment.jobs(experiment.presets.quick) as readonly Trial[];
    expect(JSON.parse(JSON.stringify(jobs))).toEqual(jobs);
    expect(new Set(jobs.map((job) => JSON.stringify(job))).size).toBe(jobs.length);
    const problem = { dim: 3, rng: createRng(0), steps: 9, layout: { size: 3, slices: [{ path: "a", start: 0, shape: [3] }] } };
    for (const { name, values } of jobs) expect(optimizers.find((each) => each.id === name)?.create(problem, values)).toBeDefined();
    const paper = experiment.jobs(experiment.presets.paper) as readonly Trial[];
    expect(paper.length).toBe(6 * 8);
    for (const job of paper)
      expect(job).toMatchObject({ evaluations: 300_000, taskValues: { batch: 256 }, record: { judgedBy: "everything" } });
  });

  it("judges and explains in words, whatever has failed, and draws without a warning", () => {
    const some = runsOf(experiment, { losses: (name) => (name === "adam" || name === "lodo-diagonal" ? null : 1) });
    for (const runs of [some, some.filter(({ job }) => job.name !== "lodo"), []]) {
      const rows = experiment.rows(runs);
      expect(experiment.verdict(rows, runs).words).toMatch(/\.$/);
      for (const note of experiment.notes(rows, runs)) expect(note).toMatch(/\.$/);
      const said: unknown[] = [];
      const say = (...text: readonly unknown[]): unknown => said.push(text);
      for (const figure of experiment.figures)
        compile(figure.spec(runs), {
          logger: { level: () => 0, error: say, warn: say, info: say, debug: () => {} } as never,
          config: theme,
        });
      expect(said).toEqual([]);
    }
    expect(experiment.verdict([], []).holds).toBe(false);
    const rows = experiment.rows(some);
    expect(rows.find(({ name }) => name === "adam" || name === "lodo-diagonal")).toMatchObject({ mean: null, n: 0, diverged: 2 });
    expect(experiment.details?.(rows, some)[1]?.cells.at(-1)).toBe("0.010");
  });

  it("says which values are Table 6's, and which ours in the place of lost ones", () => {
    const settings = new Map(experiment.settings(experiment.presets.quick).map(({ name, value }) => [name, value]));
    expect(settings.get("lodo")).toBe("metaLearningRate = 0.000007946, beta = 0.9343, alpha0 = 0.08459 (Table 6)");
    expect([...settings].filter(([, value]) => value.includes("(ours, untuned")).map(([name]) => name)).toEqual(
      id.startsWith("table-2") ? ["lars", "rmsprop"] : ["lodo-residuals", "lodo-global"],
    );
  });

  it("has the paper's numbers beside MNIST's at the paper's 50 000 s and batch, and beside nothing else", () => {
    const timed = (seconds: number) => experiment.byTime?.(seconds) as RegisteredExperiment;
    const compared = (of: RegisteredExperiment, preset: "quick" | "paper", data?: string): boolean =>
      of.rows(runsOf(of, { losses: () => 1, ...(data ? { data } : {}) }, of.presets[preset])).some(({ paper }) => paper !== null);
    expect(compared(timed(50_000), "paper")).toBe(title === "MNIST");
    expect(compared(timed(50_000), "paper", "mnist (unverified)")).toBe(false);
    expect(compared(timed(50_000), "quick")).toBe(false);
    expect(compared(timed(300), "paper")).toBe(false);
    for (const preset of ["quick", "paper"] as const) expect(compared(experiment, preset)).toBe(false);
    const notes = experiment.notes([], runsOf(experiment, { losses: () => 1, data: title.toLowerCase() })).join(" ");
    expect(notes.includes("0.689")).toBe(title === "MNIST");
  });
});

describe("the verdicts", () => {
  it.each([
    ["table-2", { lodo: 0.689, yogi: 0.686 }, true],
    ["table-2", { lodo: 0.73, yogi: 0.686 }, false],
    ["table-2", { lodo: null, yogi: 0.686 }, false],
    ["table-3", { lodo: 0.689 }, true],
    ["table-3", { lodo: 0.689, "lodo-diagonal": null }, true],
    ["table-3", { lodo: 0.689, "lodo-sgd": 0.688 }, false],
  ] as const)("of %s with %j", (id, losses, holds) => {
    const experiment = named(id);
    const known: Readonly<Record<string, number | null>> = losses;
    const runs = runsOf(experiment, { losses: (name) => (name in known ? (known[name] as number | null) : 0.7) });
    expect(experiment.verdict(experiment.rows(runs), runs).holds).toBe(holds);
  });
});

it("by the clock, LARS is told how long the paper's runs are", () => {
  const { experiment } = byTime(targetNamed("figure-4"), 3) as Target;
  const [lars] = (experiment.jobs(experiment.presets.quick) as readonly Trial[]).filter(({ name }) => name === "lars");
  expect(lars).toMatchObject({ seconds: 3, values: { steps: 300_000 } });
});

describe("on made-up images", () => {
  /** Table 3 in miniature: those of its optimizers that learn no more numbers than the network has. */
  function small(): RegisteredExperiment {
    const experiment = named("table-3-fashion-mnist");
    const tiny = { steps: 12, seeds: 2, batch: 2, judgedBy: 4 };
    const quick = (name: string): boolean => ["lodo-diagonal", "lodo-global"].includes(name);
    return {
      ...experiment,
      presets: { quick: tiny, paper: tiny },
      jobs: (preset) => experiment.jobs(preset).filter(({ name }) => quick(name)),
    };
  }
  const options = { preset: "quick", workers: 2, backend: { backend: "simd", fastMath: false } } as const;
  const save = (name: string, reproductions: readonly Reproduction[]): Promise<unknown> =>
    saveReproduction(at(name), [targetNamed("table-3-fashion-mnist")], reproductions, {
      seeds: null,
      seconds: null,
      hyperparameters: "paper",
      environment: {},
    });

  it("resumed, gives the bytes of one go; the page names the data and has no paper's column", async () => {
    const experiment = small();
    const whole = openJournal(at("whole.jsonl"));
    const first = await reproduce([experiment], { ...options, data: at("data"), journal: whole });
    whole.close();
    expect(first[0]?.failures).toEqual([]);
    const lines = readFileSync(at("whole.jsonl"), "utf8").split("\n");
    writeFileSync(at("cut.jsonl"), `${lines.slice(0, 2).join("\n")}\n${lines[2]?.slice(0, 40)}`);
    const cut = openJournal(at("cut.jsonl"));
    const second = await reproduce([experiment], { ...options, workers: 1, data: at("data"), journal: cut });
    cut.close();
    mkdirSync(at("one"));
    mkdirSync(at("two"));
    await save("one", first);
    await save("two", second);
    const files = readdirSync(at("one")).filter((name) => name !== "timings.json");
    expect(files).toContain("table-3-curves-fashion-mnist.svg");
    for (const name of files) expect([name, readFileSync(at("two", name), "utf8")]).toEqual([name, readFileSync(at("one", name), "utf8")]);
    const page = readFileSync(at("one", "report.html"), "utf8");
    expect(page).toContain("<h2>LODO&#39;s ablations in image generation on Fashion-MNIST</h2>");
    expect(page).toContain("Measured on fashion-mnist (unverified)");
    expect(page).not.toContain(">Paper<");
    const rows = first[0]?.rows.filter(({ column }) => column === "test loss on Fashion-MNIST") ?? [];
    expect(rows.map(({ n, diverged }) => n + diverged)).toEqual([2, 2]);
    // It has hardly begun to learn: the loss is near ln 256 = 5.5, and no 0 or NaN in its place.
    for (const { mean } of rows) expect(mean).toBeGreaterThan(4);
  }, 60_000);

  it("LODO-Residuals has room for its 64 layers in the memory that a thread has unless told", async () => {
    const experiment = named("table-3-fashion-mnist");
    const [job] = experiment.jobs({ steps: 2, seeds: 1, batch: 1, judgedBy: 2 }).filter(({ name }) => name === "lodo-residuals");
    const assignment = { experiment: experiment.id, job: job as Trial };
    const [outcome] = await runJobs([assignment], { ...options, data: at("data") });
    expect(outcome).toMatchObject({ ok: true, result: { divergedAt: null } });
  }, 60_000);

  it("without data says what to put where before anything is run or written, and exits with 2", async () => {
    for (const [args, where] of [
      [["figure-4"], at("nothing", "lodo", "mnist")],
      [["table-8", "table-3-fashion-mnist", "--data", at("elsewhere")], at("elsewhere", "fashion-mnist")],
    ] as const) {
      const { code, stdout, stderr } = await lodoHere(["reproduce", ...args, "--out", at("never")]);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toContain("needs data: expected the train split of ");
      expect(stderr).toContain(where);
      expect(stderr).toMatch(/lodo data (fashion-)?mnist fetches them; by hand, put train-images-idx3-ubyte, /);
      expect(readdirSync(root)).not.toContain("never");
    }
  });

  it("the data reach the threads of a search", async () => {
    const args = ["tune", "image-generation", "--optimizer", "adam", "--set", "data=fashion-mnist", "batch=1", "piece=1"];
    const { code, stderr } = await lodoHere([
      ...args,
      ...["--population", "2", "--schedule", "1x12", "--data", at("data"), "--backend", "simd", "--out", at("search"), "--json"],
    ]);
    expect([code, stderr]).toEqual([0, expect.stringContaining("unverified: its SHA-256 is ")]);
    expect(JSON.parse(readFileSync(at("search", "config.json"), "utf8"))).toMatchObject({ data: { name: "fashion-mnist (unverified)" } });
  }, 60_000);
});
