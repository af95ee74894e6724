import { appendFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { createRng } from "@lodo/tensor";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { readTunedFile } from "../packages/experiments/src/tasks/tuned/tuned.ts";
import type { SearchResult } from "../packages/experiments/src/tune/result.ts";
import { checkSavable, saveTuned } from "../packages/experiments/src/tune/save.ts";
import { decayScale, rateScale } from "../packages/experiments/src/tune/scale.ts";
import { lodo, lodoHere, start } from "./lodo.ts";

const full = process.env["LODO_FULL"] !== undefined;

const what = ["tune", "rosenbrock", "--optimizer", "adam"];
const how = ["--population", "6", "--schedule", "3x60,0.5x100", "--seed", "5"];

let root = "";
const at = (...names: readonly string[]): string => join(root, ...names);
/** What a search comes to, in bytes. Its individuals are written as they end, in whatever order. */
const resultsIn = (folder: string): readonly string[] =>
  ["config.json", "result.json", "report.html"].map((name) => readFileSync(join(folder, name), "utf8"));
const linesIn = (folder: string): number => {
  const file = join(folder, "individuals.jsonl");
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 1 : -1;
};
const resultIn = (folder: string): SearchResult => JSON.parse(readFileSync(join(folder, "result.json"), "utf8"));

beforeAll(async () => {
  expect(inject("buildFailure")).toBeNull();
  root = mkdtempSync(join(tmpdir(), "lodo-tune-"));
  expect(await lodoHere([...what, ...how, "--workers", "1", "--out", at("one")])).toMatchObject({ code: 0 });
}, 60_000);
afterAll(() => rmSync(root, { recursive: true }));

const scaleFor = (key: string) => (key === "learningRate" ? rateScale : decayScale);

describe("lodo tune", () => {
  it("gives the same bytes for 1 and 2 workers", async () => {
    expect(await lodoHere([...what, ...how, "--workers", "2", "--out", at("two")])).toMatchObject({ code: 0 });
    expect(resultsIn(at("two"))).toEqual(resultsIn(at("one")));
  });

  it("draws each generation around the mean of the better half of the one before, and ends at that of the last", () => {
    const { generations, end, configuration } = resultIn(at("one"));
    expect(generations.map(({ individuals }) => individuals.length)).toEqual([6, 6]);
    expect(generations.map(({ deviation, steps }) => [deviation, steps])).toEqual([
      [3, 60],
      [0.5, 100],
    ]);
    generations.forEach(({ individuals }, g) => {
      const better = individuals.filter(({ survived }) => survived);
      expect(better).toHaveLength(3);
      const worst = Math.max(...better.map(({ score }) => score ?? Number.POSITIVE_INFINITY));
      for (const { score } of individuals.filter(({ survived }) => !survived))
        expect(score ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(worst);
      const next = generations[g + 1]?.mean ?? end;
      for (const key of ["learningRate", "b1", "b2"]) {
        const mean = better.reduce((sum, { values }) => sum + scaleFor(key).to(values[key] as number) / 3, 0);
        // Six additions and three divisions, each of half an ε.
        expect(Math.abs(mean - (next[key] as number))).toBeLessThan(10 * Number.EPSILON * (1 + Math.abs(mean)) * 3);
      }
    });
    expect(configuration.start).toMatchObject({ learningRate: 0.001, b1: 0.9, b2: 0.999 });
  });

  it("runs as many of each generation as the schedule says, compares with nothing if asked, and keeps what it found in a file", async () => {
    const args = ["--schedule", "3x60x5,0.5x100x2", "--comparison-seeds", "0", "--save-to", at("kept.json"), "--out", at("small")];
    const { code, stdout } = await lodoHere([...what, ...args]);
    expect([code, stdout]).toEqual([0, expect.not.stringMatching(/NaN|undefined| 0 seeds/)]);
    const { generations, comparison, tuned } = resultIn(at("small"));
    expect(generations.map(({ individuals }) => individuals.length)).toEqual([5, 2]);
    expect(generations.map(({ individuals }) => individuals.filter(({ survived }) => survived).length)).toEqual([3, 1]);
    expect(comparison.rows.map(({ n, diverged }) => n + diverged)).toEqual([0, 0, 0]);
    expect(readTunedFile(pathToFileURL(at("kept.json")))["adam"]).toMatchObject({ values: tuned, score: { mean: null, n: 0 } });
    const page = readFileSync(at("small", "report.html"), "utf8");
    expect(page).toContain("2 generations of 5, 2,");
    expect(page).toContain("not compared");
    expect(page).not.toMatch(/NaN|undefined/);
    expect((await lodoHere([...what, ...args.slice(0, 4), "--resume", "--out", at("small"), "--json"])).code).toBe(0);
  });

  it("refuses to keep what it finds in a file that holds something else, before it begins", async () => {
    writeFileSync(at("other.json"), "[]");
    const { code, stderr } = await lodoHere([...what, "--save-to", at("other.json"), "--out", at("never")]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/expected tuned values of optimizers in .*other\.json/)]);
    expect(existsSync(at("never"))).toBe(false);
  });

  it("refuses to keep values for another task beside what it found, before it begins", async () => {
    const before = readFileSync(at("kept.json"), "utf8");
    const bowl = ["tune", "noisy-quadratic-bowl", "--optimizer", "adam", "--set", "dim=10"];
    const { code, stderr } = await lodoHere([...bowl, "--save-to", at("kept.json"), "--out", at("never")]);
    expect(stderr).toMatch(
      /expected values for noisy-quadratic-bowl with dim=10 in .*kept\.json, as this search finds them; those of adam are for rosenbrock$/m,
    );
    expect([code, readFileSync(at("kept.json"), "utf8"), existsSync(at("never"))]).toEqual([1, before, false]);
  });

  it("shows every individual of every generation on its page", () => {
    const [, , page] = resultsIn(at("one")) as [string, string, string];
    const { generations } = resultIn(at("one"));
    for (const { individuals } of generations) for (const { seed } of individuals) expect(page).toContain(`>${seed}<`);
    expect(page).toContain("lodo tune rosenbrock --optimizer adam --schedule 3x60,0.5x100 --population 6 --seed 5");
    expect(page).not.toMatch(/NaN|undefined/);
  });

  it("compares what it found with the start and the paper's values from the same seeds", () => {
    const { comparison, tuned } = resultIn(at("one"));
    expect(comparison.steps).toBe(100);
    expect(comparison.rows.map(({ name, n, diverged }) => [name, n + diverged])).toEqual([
      ["start", 4],
      ["tuned", 4],
      ["paper", 4],
    ]);
    expect(comparison.rows[1]?.values).toEqual(tuned);
    expect(comparison.rows[2]?.values).toEqual({ learningRate: 0.9704, b1: 0.864, b2: 0.99804 });
  });

  it("prints one JSON document, and nothing else", async () => {
    const { code, stdout, stderr } = await lodoHere([...what, "--out", at("one"), "--resume", "--json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const { tuned, provenance, generations, out } = JSON.parse(stdout) as Record<string, unknown>;
    expect({ tuned, provenance }).toEqual({ tuned: resultIn(at("one")).tuned, provenance: resultIn(at("one")).provenance });
    expect([(generations as unknown[]).length, out]).toEqual([2, at("one")]);
  });

  it("searches others on the bowl, one of whose decays begins at 0", async () => {
    const args = [
      "tune",
      "noisy-quadratic-bowl",
      "--optimizer",
      "rmsprop",
      "--set",
      "dim=5",
      "--population",
      "4",
      "--schedule",
      "3x20,0.5x30",
    ];
    expect(await lodoHere([...args, "--out", at("rmsprop")])).toMatchObject({ code: 0 });
    const { configuration, generations, provenance } = resultIn(at("rmsprop"));
    expect(configuration.taskOptions).toMatchObject({ dim: 5 });
    expect(generations[0]?.mean["momentum"]).toBe(0);
    const momenta = generations.flatMap(({ individuals }) => individuals.map(({ values }) => values["momentum"] as number));
    expect(momenta.some((momentum) => momentum === 0)).toBe(true);
    expect(momenta.every((momentum) => momentum >= 0 && momentum < 1)).toBe(true);
    expect(provenance.command).toContain("--set task.dim=5");
  });
});

describe("a search that was cut off", () => {
  const rng = createRng(11);
  const moments = Array.from({ length: full ? 20 : 1 }, (_, i) => ({ i, lines: rng.integer(23), pause: rng.uniform() * 30 }));

  it.each(moments)("by SIGKILL at moment $i resumes to the same bits", async ({ i, lines, pause: milliseconds }) => {
    const folder = at(`killed-${i}`);
    const { process, outcome } = start(...what, ...how, "--workers", "2", "--out", folder);
    while (process.exitCode === null && linesIn(folder) < lines) await pause(1);
    await pause(milliseconds);
    process.kill("SIGKILL");
    await outcome;
    expect(await goOn(folder)).toMatchObject({ code: 0 });
    expect(resultsIn(folder)).toEqual(resultsIn(at("one")));
  });

  it.runIf(full)("again and again, from the first moment on, resumes to the same bits", async () => {
    const folder = at("killed-often");
    for (const milliseconds of [0, 200, 400, 500, 600, 700, 800, 1000]) {
      const resumes = existsSync(join(folder, "config.json"));
      const { process, outcome } = start(...what, ...(resumes ? ["--resume"] : how), "--out", folder);
      await pause(milliseconds);
      process.kill("SIGKILL");
      await outcome;
    }
    expect(await goOn(folder)).toMatchObject({ code: 0 });
    expect(resultsIn(folder)).toEqual(resultsIn(at("one")));
  });

  /** Goes on with the search in a folder, or begins it if it had not got as far as saying what it is. */
  const goOn = (folder: string) => lodoHere([...what, ...(existsSync(join(folder, "config.json")) ? ["--resume"] : how), "--out", folder]);

  it("in the middle of a line does that one again", async () => {
    const folder = at("torn");
    cpSync(at("one"), folder, { recursive: true });
    const lines = readFileSync(join(folder, "individuals.jsonl"), "utf8").split("\n");
    writeFileSync(join(folder, "individuals.jsonl"), `${lines.slice(0, 14).join("\n")}\n${lines[14]?.slice(0, 40)}`);
    for (const name of ["result.json", "report.html"]) rmSync(join(folder, name));
    expect(await goOn(folder)).toMatchObject({ code: 0 });
    expect(resultsIn(folder)).toEqual(resultsIn(at("one")));
    expect(linesIn(folder)).toBe(2 * 6 + 3 * 4);
  });

  it("with what it had, that is: a changed line changes the result", async () => {
    const folder = at("changed");
    cpSync(at("one"), folder, { recursive: true });
    const file = join(folder, "individuals.jsonl");
    const best = Math.min(...(resultIn(folder).generations[1]?.individuals ?? []).map(({ score }) => score ?? Number.POSITIVE_INFINITY));
    writeFileSync(file, readFileSync(file, "utf8").replace(`"score":${best}`, '"score":1e9'));
    expect(await goOn(folder)).toMatchObject({ code: 0 });
    expect(resultsIn(folder)).not.toEqual(resultsIn(at("one")));
  });

  it("by SIGINT says how to go on, and what had ended is kept", async () => {
    const folder = at("stopped here");
    const { process, outcome } = start(...what, "--schedule", "3x100000", "--population", "64", "--out", folder);
    while (process.exitCode === null && linesIn(folder) < 0) await pause(1);
    await pause(300);
    process.kill("SIGINT");
    const { code, stdout, stderr } = await outcome;
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(
      /error: interrupted after about \d+ of \d+ steps; go on with: lodo tune rosenbrock --optimizer adam --out '.*' --resume/,
    );
    expect(readdirSync(folder)).not.toContain(".lock");
  });
});

describe("lodo tune refuses", () => {
  const usage: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["an unknown task", ["tune", "bowl", "--optimizer", "adam"], /no task "bowl"; did you mean "noisy-quadratic-bowl"/],
    ["an unknown optimizer", ["tune", "rosenbrock", "--optimizer", "adma"], /no optimizer "adma"; did you mean/],
    ["an optimizer with nothing to search", ["tune", "rosenbrock", "--optimizer", "newton"], /newton has no hyperparameter to search/],
    ["a population of one", [...what, "--population", "1"], /from 2 to 10000, got "1"/],
    ["a population of none", [...what, "--population", "0"], /from 2 to 10000, got "0"/],
    ["no generations", [...what, "--generations", "0"], /from 1 to 1000, got "0"/],
    [
      "a schedule that is none",
      [...what, "--schedule", "3x1000,2"],
      /deviations above 0, steps integers of at least 11; .*got "2" in "3x1000,2"/,
    ],
    ["a start outside its domain", [...what, "--set", "b1=1"], /adam: b1 must be a number in \[0, 1\), got 1/],
    [
      "to save what was tuned on another task",
      ["tune", "noisy-quadratic-bowl", "--optimizer", "adam", "--set", "dim=5", "--save"],
      /at their defaults, got task\.dim=5/,
    ],
    ["to save what was tuned beside another eps", [...what, "--set", "eps=1", "--save"], /at their defaults, got optimizer\.eps=1/],
  ];
  it.each(usage)("%s, and writes nothing", async (_, args, message) => {
    const folder = at("never");
    const { code, stdout, stderr } = await lodoHere([...args, "--out", folder]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(existsSync(folder)).toBe(false);
  });

  const folders: readonly (readonly [string, readonly string[], RegExp])[] = [
    [
      "to begin where there is a search",
      [...what, ...how],
      /expected .*one to be an empty folder or none, found what was begun there; add --resume/,
    ],
    [
      "to go on as another search",
      [...what, "--resume", "--seed", "7", "--population", "8"],
      /seed: 5 there, 7 here; population: 6 there, 8 here$/m,
    ],
    ["to go on with another schedule", [...what, "--resume", "--generations", "2"], /schedule: 3x60,0.5x100 there, 3x200,0.3x200 here$/m],
    ["to go on from another start", [...what, "--resume", "--set", "b2=0.5"], /optimizer\.b2: 0\.999 there, 0\.5 here$/m],
    ["to go on with another optimizer", ["tune", "rosenbrock", "--optimizer", "yogi", "--resume"], /: optimizer: adam there, yogi here$/m],
  ];
  it.each(folders)("%s, and changes nothing", async (_, args, message) => {
    const before = readdirSync(at("one")).map((name) => readFileSync(at("one", name), "utf8"));
    const { code, stdout, stderr } = await lodoHere([...args, "--out", at("one")]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(message);
    expect(readdirSync(at("one")).map((name) => readFileSync(at("one", name), "utf8"))).toEqual(before);
  });

  it("to go on where there is nothing, a run, or damaged individuals", async () => {
    expect((await lodoHere([...what, "--resume", "--out", at("nowhere")])).stderr).toMatch(
      /expected a search to resume in .*nowhere, found no config\.json/,
    );
    expect(await lodo("run", "rosenbrock", "--optimizer", "adam", "--steps", "20", "--out", at("a run"))).toMatchObject({ code: 0 });
    expect((await lodoHere([...what, "--resume", "--out", at("a run")])).stderr).toMatch(/is no configuration of a search: .*population/);
    cpSync(at("one"), at("damaged"), { recursive: true });
    writeFileSync(at("damaged", "individuals.jsonl"), "nonsense\n");
    appendFileSync(at("damaged", "individuals.jsonl"), "{}\n");
    const { code, stderr } = await lodoHere([...what, "--resume", "--out", at("damaged")]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("expected a job and its result in line 1 of")]);
  });
});

describe("values that are kept", () => {
  it("stand beside the others, in place of earlier ones, with what found them", () => {
    const result = resultIn(at("one"));
    const file = pathToFileURL(at("rosenbrock.json"));
    const said = ["yogi", "adam", "adam"].map((optimizer) =>
      saveTuned({ ...result, configuration: { ...result.configuration, optimizer } }, file),
    );
    expect(said).toEqual([
      expect.stringMatching(/rosenbrock\.json$/),
      expect.stringMatching(/rosenbrock\.json$/),
      expect.stringMatching(/rosenbrock\.json, in place of values with \S+ ± 0 after 100 steps$/),
    ]);
    const kept = readTunedFile(file);
    expect(Object.keys(kept)).toEqual(["adam", "yogi"]);
    const { mean, std } = result.comparison.rows[1] ?? {};
    expect(kept["adam"]).toEqual({
      task: "rosenbrock",
      taskOptions: {},
      values: result.tuned,
      score: { mean, std, n: 4, diverged: 0 },
      steps: 100,
      ...result.provenance,
    });
    const steeper = { ...result, configuration: { ...result.configuration, taskOptions: { steepness: 50 } } };
    expect(() => saveTuned(steeper, file)).toThrow(/expected values for rosenbrock with steepness=50 .* those of adam are for rosenbrock$/);
    expect(() => checkSavable(result.configuration)).not.toThrow();
    expect(() => saveTuned(result, pathToFileURL(at("no", "such", "clone.json")))).toThrow(/expected a folder .*such for the values found/);
    writeFileSync(at("other.json"), '{ "adam": 3 }');
    expect(() => saveTuned(result, pathToFileURL(at("other.json")))).toThrow(/expected tuned values of optimizers in .*other\.json.*adam/s);
  });
});
