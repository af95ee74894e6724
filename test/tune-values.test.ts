import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, inject, it } from "vitest";
import { experiments } from "../packages/experiments/src/experiments/index.ts";
import type { Trial } from "../packages/experiments/src/experiments/trial.ts";
import { readTuned } from "../packages/experiments/src/tasks/tuned/tuned.ts";
import { missingFromTable6, sourcedValues, table6, tunedValues } from "../packages/experiments/src/tunedValues.ts";
import { lodoHere } from "./lodo.ts";

const folder = mkdtempSync(join(tmpdir(), "lodo-tuned-"));
afterAll(() => rmSync(folder, { recursive: true }));

const ours = readTuned("rosenbrock");

describe("tuned values", () => {
  it("are the paper's unless told, ours where we have some, the paper's where not, and else the defaults", () => {
    expect(Object.keys(ours)).toContain("adam");
    expect(sourcedValues("rosenbrock", "adam")).toEqual({ values: table6["rosenbrock"]?.["adam"], source: "paper" });
    expect(sourcedValues("rosenbrock", "adam", "ours")).toEqual({ values: ours["adam"]?.values, source: "ours" });
    expect(readTuned("noisy-quadratic-bowl")).not.toHaveProperty("o-lbfgs");
    expect(sourcedValues("noisy-quadratic-bowl", "o-lbfgs", "ours")).toEqual({
      values: { learningRate: 1.05, tau: 36721 },
      source: "paper",
    });
    for (const wanted of ["paper", "ours"] as const)
      expect(sourcedValues("rosenbrock", "newton", wanted)).toEqual({ values: {}, source: "defaults" });
    expect(tunedValues("no such task", "adam", "ours")).toEqual({});
  });

  it("say what Table 6 does not", () => {
    const missing = Object.entries(table6).flatMap(([task, of]) =>
      Object.keys(of).flatMap((id) => missingFromTable6(task, id).map((key) => `${task} ${id} ${key}`)),
    );
    expect(missing).toEqual([
      "image-generation rmsprop learningRate",
      "image-generation lars weightDecay",
      "image-generation lodo-global metaLearningRate",
      "image-generation lodo-residuals metaLearningRate",
      "image-classification rmsprop learningRate",
      "image-classification lars weightDecay",
    ]);
    expect(missingFromTable6("rosenbrock", "newton")).toEqual([]);
    // No-Momentum is LODO with β = 0.
    const { beta, ...rest } = table6["image-generation"]?.["lodo"] ?? {};
    expect([beta, table6["image-generation"]?.["lodo-no-momentum"]]).toEqual([0.9343, rest]);
  });

  it("are run with as they are; what they lack is said", async () => {
    const dry = [
      "run",
      "image-generation",
      "--backend",
      "simd",
      "--dry-run",
      "--json",
      "--set",
      "batch=1",
      "--tuned",
      "paper",
      "--optimizer",
    ];
    const rmsprop = await lodoHere([...dry, "rmsprop"]);
    expect(rmsprop.stderr).toContain("note: Table 6's learningRate of rmsprop on image-generation is not known to us: it is 0.001 here\n");
    const diagonal = await lodoHere([...dry, "lodo-diagonal"]);
    expect(diagonal.stderr).not.toContain("Table 6");
    expect(JSON.parse(diagonal.stdout).configuration.hyperparameters).toMatchObject({
      metaLearningRate: 0.0005196,
      beta: 0.986,
      alpha0: 0.1325,
    });
  });

  it.each(["table-1", "table-8"])("of either source are what %s runs with, and its settings say which", (id) => {
    const experiment = experiments.find((candidate) => candidate.id === id);
    for (const hyperparameters of ["paper", "ours"] as const) {
      const preset = { steps: 40, seeds: 1, hyperparameters };
      const jobs = (experiment?.jobs(preset) ?? []) as readonly Trial[];
      const trials = jobs.filter(({ column }) => column === jobs[0]?.column);
      expect(trials.map(({ name }) => name)).toContain("adam");
      // A corrected recipe runs at the values of the one that it corrects.
      const whose = (name: string): string => name.replace(/-corrected$/, "");
      for (const { name, task, values } of trials) expect(values).toEqual(tunedValues(task, whose(name), hyperparameters));
      const words = experiment?.settings(preset).find(({ name }) => name.startsWith("adam"))?.value;
      expect(words).toMatch(hyperparameters === "ours" ? /\(lodo tune\)$/ : /\(Table 6\)$/);
    }
  });
});

describe("the settings of every experiment", () => {
  const withTuned = experiments.filter(({ id }) => id !== "test-problems");
  it.each(withTuned.map((experiment) => [experiment.id, experiment] as const))("name whose tuning %s runs with", (_, experiment) => {
    for (const [hyperparameters, whose] of [
      ["paper", "(Table 6)"],
      ["ours", "(lodo tune)"],
    ] as const) {
      const lodo = experiment.settings({ steps: 40, seeds: 1, hyperparameters }).filter(({ name }) => name.startsWith("lodo"));
      expect(lodo.map(({ value }) => value)).toEqual([expect.stringContaining(whose)]);
    }
  });
});

describe("lodo reproduce --hyperparameters tuned", () => {
  it("runs our values, says so on the page and in the settings, and does not resume a report at the paper's", async () => {
    expect(inject("buildFailure")).toBeNull();
    const out = join(folder, "tuned");
    const args = ["reproduce", "figure-11", "--seeds", "1", "--out", out];
    const { code, stdout } = await lodoHere([...args, "--hyperparameters", "tuned"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("table-8")]);
    const saved = JSON.parse(readFileSync(join(out, "table-8.json"), "utf8"));
    expect(saved.preset).toEqual({ name: "quick", steps: 200, seeds: 1, hyperparameters: "ours" });
    expect(saved.settings).toContainEqual({
      name: expect.stringContaining("adam"),
      value: expect.stringMatching(new RegExp(`learningRate = ${ours["adam"]?.values["learningRate"]}, .*\\(lodo tune\\)$`)),
    });
    expect(saved.notes[0]).toContain("our own tuned values");
    for (const remark of saved.remarks) expect(remark).toMatch(/; at our own values: see the notes$/);
    const runs = JSON.parse(readFileSync(join(out, "table-8.runs.json"), "utf8")) as readonly { readonly job: Trial }[];
    expect(runs.find(({ job }) => job.name === "adam")?.job.values).toEqual(ours["adam"]?.values);
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain("(lodo tune)");
    const { code: other, stderr } = await lodoHere([...args, "--resume"]);
    expect([other, stderr]).toEqual([1, expect.stringContaining("our own hyperparameters")]);
    expect((await lodoHere(["report", out])).code).toBe(0);
  });
});

describe("lodo run --tuned ours", () => {
  it("begins from our values, and refuses where we have none", async () => {
    const run = ["run", "rosenbrock", "--steps", "20", "--json"];
    const { stdout } = await lodoHere([...run, "--optimizer", "adam", "--tuned", "ours"]);
    expect(JSON.parse(stdout).configuration.hyperparameters).toMatchObject(ours["adam"]?.values ?? {});
    const { code, stderr } = await lodoHere([...run, "--optimizer", "newton", "--tuned", "ours"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("we have no tuned values for newton on rosenbrock")]);
  });
});
