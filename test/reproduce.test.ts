import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { optimizers } from "@lodo/optim";
import { createRng } from "@lodo/tensor";
import { compile } from "vega-lite";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { onReference } from "../packages/experiments/src/backends/choice.ts";
import { main } from "../packages/experiments/src/cli/main.ts";
import { presetNames } from "../packages/experiments/src/experiments/experiment.ts";
import { experiments, headline } from "../packages/experiments/src/experiments/index.ts";
import { type Reproduction, reproduce } from "../packages/experiments/src/experiments/reproduce.ts";
import { rowOf } from "../packages/experiments/src/experiments/row.ts";
import { table1Methods } from "../packages/experiments/src/experiments/table1Methods.ts";
import { targets } from "../packages/experiments/src/experiments/targets.ts";
import type { Trial, TrialResult } from "../packages/experiments/src/experiments/trial.ts";
import { renderSvg } from "../packages/experiments/src/plots/svg.ts";
import { theme } from "../packages/experiments/src/plots/theme.ts";
import { type Assignment, runAssignment } from "../packages/experiments/src/pool/jobs.ts";
import { jobThreads, runJobs } from "../packages/experiments/src/pool/runJobs.ts";
import { work } from "../packages/experiments/src/pool/worker.ts";
import { reproducedTargetsSchema, savedExperimentSchema } from "../packages/experiments/src/report/saved.ts";
import { textReport } from "../packages/experiments/src/report/textReport.ts";
import { lodo, lodoHere } from "./lodo.ts";

const folder = mkdtempSync(join(tmpdir(), "lodo-reproduce-"));
afterAll(() => rmSync(folder, { recursive: true }));

// Worker threads run the build.
beforeAll(() => expect(inject("buildFailure")).toBeNull());

describe("the registry", () => {
  it("has one experiment or figure of each id, and a headline that exists", () => {
    const ids = targets.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(["table-1", "figure-2", "table-8", "figure-3", "figure-11", ...headline]));
  });

  describe.each(experiments.map((experiment) => [experiment.id, experiment] as const))("%s", (id, experiment) => {
    const smallest = { steps: 40, seeds: 2 };
    const jobs = experiment.jobs(smallest);
    const runs = jobs.map((job) => {
      const outcome = runAssignment({ experiment: id, job }, experiments);
      if (!outcome.ok) throw new Error(outcome.error);
      return { job, result: outcome.result };
    });
    const rows = experiment.rows(runs);

    it("says what it is, where in the paper, and what the paper claims", () => {
      expect(id).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
      for (const text of [experiment.title, experiment.summary]) expect(text.length).toBeGreaterThan(5);
      expect(experiment.reference).toMatch(/Section|Table|Figure|Appendix/);
      expect(experiment.claim).toMatch(/\.$/);
      for (const figure of experiment.figures) {
        expect(figure.id).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
        const [papers] = figure.id.match(/^figure-\d+/) ?? [];
        expect(experiment.reference.replace(/ and /g, ", Figure ").replace("Figures", "Figure")).toContain(
          papers?.replace("figure-", "Figure ") ?? "",
        );
        expect(figure.caption).toMatch(/\.$/);
      }
    });

    it("has presets, of which the paper's is at least as large", () => {
      for (const name of presetNames) {
        const { steps, seeds } = experiment.presets[name];
        expect(Number.isInteger(steps) && Number.isInteger(seeds) && steps > 0 && seeds > 0).toBe(true);
      }
      expect(experiment.presets.paper.seeds).toBe(8);
      expect(experiment.presets.paper.steps).toBeGreaterThanOrEqual(experiment.presets.quick.steps);
    });

    it("consists of jobs that are plain data, no two the same, named after optimizers", () => {
      expect(jobs.map((job) => JSON.stringify(job))).toEqual([...new Set(jobs.map((job) => JSON.stringify(job)))]);
      expect(JSON.parse(JSON.stringify(jobs))).toEqual(jobs);
      expect(structuredClone(jobs)).toEqual(jobs);
      const known = new Set(optimizers.map((optimizer) => optimizer.id));
      for (const { name, evaluations } of jobs) {
        expect(known).toContain(name);
        expect(evaluations).toBeGreaterThanOrEqual(smallest.steps);
      }
    });

    it("has results that are plain data, a row for each optimizer and column, and perhaps some that are parts of theirs", () => {
      expect(JSON.parse(JSON.stringify(runs))).toEqual(runs);
      const cell = ({ name, column }: { readonly name: string; readonly column: string }): string => `${name} ${column}`;
      const cells = new Set(jobs.map(cell));
      const own = rows.filter((row) => cells.has(cell(row)));
      expect(new Set(own.map(cell))).toEqual(cells);
      expect(own.reduce((sum, { n, diverged }) => sum + n + diverged, 0)).toBe(jobs.length);
      expect(new Set(rows.map(cell)).size).toBe(rows.length);
      for (const { name, n, diverged } of rows) expect(n + diverged).toBeLessThanOrEqual(jobs.filter((job) => job.name === name).length);
      for (const { mean } of rows.filter(({ n }) => n > 0)) expect(Number.isFinite(mean)).toBe(true);
    });

    it("judges and explains in words, whatever has failed", () => {
      for (const some of [runs, runs.filter(({ job }) => job.name !== "lodo"), []]) {
        const theirs = experiment.rows(some);
        expect(experiment.verdict(theirs, some).words).toMatch(/\.$/);
        for (const note of experiment.notes(theirs, some)) expect(note).toMatch(/\.$/);
      }
      expect(experiment.verdict([], []).holds).toBe(false);
      expect(experiment.settings(smallest).map(({ name }) => name).length).toBeGreaterThan(0);
    });

    it.each(experiment.figures.map((figure) => [figure.id, figure] as const))(
      "draws %s without a warning, and describes it",
      async (_, figure) => {
        const said: unknown[] = [];
        const logger = { level: () => 0, error: say, warn: say, info: say, debug: () => logger };
        function say(...text: readonly unknown[]): unknown {
          said.push(text);
          return logger;
        }
        compile(figure.spec(runs), { logger: logger as never, config: theme });
        expect(said).toEqual([]);
        const svg = await renderSvg(figure.spec(runs));
        expect(svg).not.toMatch(/NaN|undefined/);
        const names = new Set(rows.filter(({ column }) => column === rows[0]?.column).map((row) => row.name));
        // A single one needs no legend.
        if (names.size > 1) for (const name of names) expect(svg).toContain(`>${name}<`);
        expect(figure.alt(runs)).toContain("lodo");
        expect(figure.alt(runs)).not.toMatch(/NaN|undefined/);
      },
    );
  });
});

describe("Table 8 as the paper ran it", () => {
  let reproduction: Reproduction;
  const column = "mean loss, steps 180-200";
  beforeAll(async () => {
    const wanted = experiments.filter(({ id }) => id === "table-8");
    [reproduction] = (await reproduce(wanted, { preset: "paper", workers: 2 })) as [Reproduction];
  }, 120_000);
  const mean = (name: string, of = column): number => rowOf(reproduction.rows, name, of).mean ?? Number.NaN;

  it("has Adam within 0.2% and Yogi within 1% of the table, with no deviation", () => {
    expect(Math.abs(mean("adam") / 0.00005342 - 1)).toBeLessThan(0.002);
    expect(Math.abs(mean("yogi") / 0.0007916 - 1)).toBeLessThan(0.01);
    for (const name of ["adam", "yogi", "momentum", "rmsprop"]) expect(rowOf(reproduction.rows, name, column).std).toBe(0);
  });

  it("has LODO within three standard errors of 0.001040, a seed deviating by 2.7e-5", () => {
    expect(rowOf(reproduction.rows, "lodo", column).n).toBe(8);
    expect(Math.abs(mean("lodo") - 0.00104)).toBeLessThan((3 * 2.7e-5) / Math.sqrt(8));
  });

  it("says that the claim holds, and not if a number moves", () => {
    expect(reproduction.verdict.holds).toBe(true);
    const { experiment, rows, runs } = reproduction;
    for (const [name, factor] of [
      ["adam", 1.003],
      ["yogi", 0.985],
      ["lodo", 1.04],
    ] as const) {
      const moved = rows.map((row) => (row.name === name && row.mean !== null ? { ...row, mean: factor * row.mean } : row));
      expect(experiment.verdict(moved, runs).holds).toBe(false);
    }
    const still = runs.map(({ job, result }) => ({ job, result: { ...(result as TrialResult), trajectory: [[-0.5, 2]] } }));
    expect(experiment.verdict(rows, still).holds).toBe(false);
  });

  it("shows that RMSprop is chaotic there and Adam is not", () => {
    const nudged = "values changed by 1e-12";
    const spread = (name: string): number => (rowOf(reproduction.rows, name, nudged).std ?? 0) / mean(name, nudged);
    expect(spread("rmsprop")).toBeGreaterThan(0.1);
    // 1e-12 of each of three values, amplified by no more than a hundred.
    expect(spread("adam")).toBeLessThan(1e-10);
  });

  it("has heavy-ball and averaged momentum on either side of the paper's figure, with the reason", () => {
    expect(mean("momentum")).toBeLessThan(0.0002);
    expect(mean("momentum", "with the gradient averaged")).toBeCloseTo(0.01358, 4);
    const text = textReport([reproduction], "out");
    expect(text).toMatch(/momentum .* no form of momentum/);
    expect(text).toMatch(/rmsprop .* chaotic/);
    expect(text).toContain("Our numbers bear this out");
  });
});

describe("Table 1's verdict", () => {
  const experiment = experiments.find(({ id }) => id === "table-1");
  const row = (name: string, mean: number | null) => ({
    name,
    column: "100k steps",
    mean,
    std: 0.1,
    n: mean === null ? 0 : 8,
    diverged: mean === null ? 8 : 0,
    paper: name === "newton" ? { mean: 7.41, std: null } : null,
  });
  const run = (last: number) => [
    {
      job: { name: "lodo" } as Trial,
      result: {
        score: 1,
        divergedAt: null,
        inverseError: [
          { step: 0, error: 0.9 },
          { step: 9, error: last },
        ],
      },
    },
  ];
  it.each([
    ["LODO first behind Newton", [row("newton", 7.42), row("lodo", 8.5), row("adam", 15)], 0.5, true],
    ["another first", [row("newton", 7.42), row("lodo", 15.1), row("adam", 15)], 0.5, false],
    ["Newton off the optimum", [row("newton", 7.5), row("lodo", 8.5), row("adam", 15)], 0.5, false],
    ["LODO diverged", [row("newton", 7.42), row("lodo", null), row("adam", 15)], 0.5, false],
    ["everyone diverged", [row("newton", null), row("lodo", null), row("adam", null)], 0.5, false],
    ["a corrected method first", [row("newton", 7.42), row("bfgs-corrected", 8), row("lodo", 8.5), row("adam", 15)], 0.5, true],
    ["Newton's method missing", [row("lodo", 8.5), row("adam", 15)], 0.5, false],
    ["the inverse Hessian not learned", [row("newton", 7.42), row("lodo", 8.5), row("adam", 15)], 0.95, false],
  ])("with %s", (_, rows, last, holds) => {
    expect(experiment?.verdict(rows, run(last) as never).holds).toBe(holds);
  });

  it("counts a run as diverged that has lost the minimum, and says so", () => {
    const job = { name: "bfgs", column: "10k steps", evaluations: 10_000 } as Trial;
    // The limit is a hundred times ½ σ² tr H = 7.41.
    const runs = [60_000, 740, 50].map((score) => ({ job, result: { score, divergedAt: null } }));
    const rows = experiment?.rows(runs as never) ?? [];
    expect(rows).toMatchObject([{ name: "bfgs", mean: 395, n: 2, diverged: 1 }]);
    expect(experiment?.notes(rows, runs as never).join(" ")).toContain(
      "bfgs: 1 of 3 runs have lost the minimum, with a mean loss of 6.0e+4,",
    );
  });

  it("names the corrected methods that come before the paper's", () => {
    const rows = [row("newton", 7.42), row("bfgs-corrected", 8), row("lodo", 8.5), row("adam", 15)];
    const { words } = experiment?.verdict(rows, run(0.5) as never) ?? {};
    expect(words).toContain(
      "lodo with 8.500 comes first, then adam with 15.00; before them, and not in the paper, bfgs-corrected with 8.000;",
    );
  });

  it("knows who is told the Hessian, and has a line for each optimizer once", () => {
    const problem = { dim: 5, rng: createRng(0) };
    for (const { name, toldHessian } of table1Methods) {
      const optimizer = optimizers.find(({ id }) => id === name)?.create(problem, {});
      expect([name, optimizer?.requires.has("hessian")]).toEqual([name, toldHessian]);
    }
    expect(new Set(table1Methods.map(({ name }) => name)).size).toBe(table1Methods.length);
  });
});

describe("the pool", () => {
  const jobs =
    experiments
      .find(({ id }) => id === "table-8")
      ?.jobs({ steps: 30, seeds: 1 })
      .slice(0, 4) ?? [];
  const good = jobs.map((job) => ({ experiment: "table-8", job }));

  it("reports a job that throws, and runs the others", async () => {
    const broken = { experiment: "table-8", job: { ...(jobs[0] as Trial), name: "nobody" } };
    const foreign = { experiment: "table-99", job: jobs[0] as Trial };
    const told: string[] = [];
    const outcomes = await runJobs([broken, ...good, foreign], {
      workers: 2,
      onOutcome: ({ job }, { ok }) => void (ok || told.push(job.name)),
    });
    expect(outcomes.map(({ ok }) => ok)).toEqual([false, true, true, true, true, false]);
    expect(outcomes[0]).toMatchObject({ error: expect.stringMatching(/^no optimizer "nobody"/) });
    expect(outcomes[5]).toMatchObject({ error: 'no experiment "table-99"' });
    expect(told.sort()).toEqual(["lodo", "nobody"]);
  });

  it("records a run that diverges with its step, and runs the others", async () => {
    const wild = { ...(jobs[0] as Trial), name: "momentum", values: { learningRate: 1e9, momentum: 0.9 } };
    const [outcome, ...others] = await runJobs([{ experiment: "table-8", job: wild }, ...good], { workers: 2 });
    expect(outcome).toMatchObject({ ok: true, result: { score: null, divergedAt: expect.any(Number) } });
    expect(others.every(({ ok }) => ok)).toBe(true);
  });

  it("gives what this thread gives, and counts every evaluation", async () => {
    const counts: number[] = [];
    const long = jobs.map((job) => ({ experiment: "table-8", job: { ...job, evaluations: 300 } }));
    const there = await runJobs(long, { workers: 3, onProgress: (count) => void counts.push(count) });
    const here = long.map((assignment) => runAssignment(assignment, experiments));
    expect(there.map((outcome) => outcome.ok && outcome.result)).toEqual(here.map((outcome) => outcome.ok && outcome.result));
    expect(counts.at(-1)).toBe(1200);
  });

  it("counts on past 2³¹ evaluations", async () => {
    const evaluations = new BigInt64Array([2n ** 31n - 1n]);
    const [assignment] = good;
    const job = { ...(assignment as Assignment).job, evaluations: 300 };
    await work({ assignment: { experiment: "table-8", job }, backend: onReference, evaluations });
    expect(evaluations[0]).toBe(2n ** 31n + 299n);
  });

  it("stays for further jobs, whatever became of those before, and counts each lot by itself", async () => {
    const broken = { experiment: "table-8", job: { ...(jobs[0] as Trial), name: "nobody" } };
    const long = jobs.map((job) => ({ experiment: "table-8", job: { ...job, evaluations: 200 } }));
    const threads = jobThreads({ workers: 1 });
    try {
      expect(await threads.run([])).toEqual([]);
      expect(await threads.run([broken])).toMatchObject([{ ok: false }]);
      for (let lot = 0; lot < 2; lot++) {
        const counts: number[] = [];
        const outcomes = await runJobs(long, { threads, onProgress: (count) => void counts.push(count) });
        expect(outcomes.every(({ ok }) => ok)).toBe(true);
        expect(counts.at(-1)).toBe(800);
      }
    } finally {
      await threads.close();
    }
  });

  it("has nothing to do for no jobs", async () => {
    expect(await runJobs([])).toEqual([]);
  });
});

describe("lodo reproduce", () => {
  const out = join(folder, "report");
  const one = ["reproduce", "figure-11", "--seeds", "1", "--out", out];

  it("gives the same bytes for 1, 2 and 3 workers", async () => {
    const results: Map<string, string>[] = [];
    for (const workers of [1, 2, 3]) {
      const { code, stdout, stderr } = await lodoHere([...one, "--workers", `${workers}`, "--json"]);
      expect([code, stderr]).toEqual([0, ""]);
      const files = readdirSync(out).filter((name) => !["timings.json", "journal.jsonl"].includes(name));
      results.push(new Map([["stdout", stdout], ...files.map((name): [string, string] => [name, readFileSync(join(out, name), "utf8")])]));
    }
    expect(results[0]?.size).toBe(6);
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  it("prints tables, the verdict and where the page is", async () => {
    const { code, stdout } = await lodoHere(one);
    expect(code).toBe(0);
    expect(stdout).toMatch(/table-8: .*\n\n.*ours .*paper/);
    expect(stdout).toContain("Our numbers bear this out");
    expect(stdout.trimEnd().split("\n").at(-1)).toBe(`Report: ${join(out, "report.html")}`);
  });

  it("does not replace a report of something else", async () => {
    const { code, stdout, stderr } = await lodoHere(["reproduce", "figure-3", "--out", out]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("earlier report of figure-3 (quick), found one of figure-11 (quick)");
  });

  it("prints one JSON document: an entry for each id, a figure with itself alone, a table with all its figures", async () => {
    const both = join(folder, "both");
    const { code, stdout } = await lodoHere(["reproduce", "figure-11", "table-8", "figure-11", "--seeds", "2", "--out", both, "--json"]);
    expect(code).toBe(0);
    const document = reproducedTargetsSchema.parse(JSON.parse(stdout));
    expect(document.map(({ id, preset }) => [id, preset])).toEqual([
      ["figure-11", "quick"],
      ["table-8", "quick"],
    ]);
    for (const { artefacts } of document) for (const artefact of artefacts) expect(existsSync(artefact)).toBe(true);
    const drawn = document.map(({ artefacts }) => artefacts.filter((path) => path.endsWith(".svg")));
    expect(drawn).toEqual([[join(both, "figure-11.svg")], [join(both, "figure-3.svg"), join(both, "figure-11.svg")]]);
    expect(document[1]?.rows[0]).toMatchObject({ name: "lodo", n: 2, diverged: 0, paper: { mean: 0.00104, std: 0.0000214 } });
  });

  it.runIf(process.env["LODO_FULL"])("runs by time: apart from what is not, and said to be so", async () => {
    const path = join(folder, "by time");
    const { code, stdout } = await lodoHere(["reproduce", "table-1", "figure-2", "--seconds", "5", "--seeds", "1", "--out", path]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("table-1-by-time: ")]);
    expect(readdirSync(path)).toEqual(
      expect.arrayContaining(["table-1-by-time.json", "figure-2-by-time.svg", "table-1-by-time.runs.json"]),
    );
    const saved = savedExperimentSchema.parse(JSON.parse(readFileSync(join(path, "table-1-by-time.json"), "utf8")));
    expect(saved.preset).toEqual({ name: "quick", steps: 0, seconds: 5, seeds: 1 });
    expect(saved.rows.map(({ n, diverged }) => n + diverged)).toEqual(table1Methods.map(() => 1));
    expect(readFileSync(join(path, "report.html"), "utf8")).toContain("5 s a run");
    const steps = await lodoHere(["reproduce", "table-1", "--out", path]);
    expect([steps.code, steps.stderr]).toEqual([
      1,
      expect.stringContaining("found one of table-1-by-time, figure-2-by-time (quick, 5 s a run)"),
    ]);
  });

  it.each([
    ["lodo reproduce", ["reproduce", "table-8", "--preset", "paper", "--seeds", "900", "--out", join(folder, "cut short")]],
    ["lodo preconditioners", ["preconditioners", "--steps", "1e9"]],
  ])("%s ends its threads when it is interrupted, says how far it came and shows the cursor again", async (_, args) => {
    let [drawn, listening] = ["", 0];
    let interrupt = (_: string): void => {};
    const stderr = {
      isTTY: true,
      columns: 120,
      write(text: string) {
        drawn += text;
        // As soon as there is something done.
        if (/ [1-9]\d*\/\d+ steps/.test(text)) interrupt("SIGINT");
        return true;
      },
      on: () => stderr,
      removeListener: () => stderr,
    };
    const code = await main(args, {
      stdout: { write: () => expect.unreachable("nothing has come of it") },
      stderr,
      onInterrupt(stop) {
        interrupt = stop;
        listening++;
        return () => listening--;
      },
    });
    expect([code, listening]).toEqual([1, 0]);
    expect(drawn).toMatch(/error: interrupted after \d+ of \d+ runs(; the same command with --resume goes on)?\n$/);
    expect(drawn).not.toContain("failed");
    const [hidden, shown] = ["\u001b[?25l", "\u001b[?25h"];
    expect(drawn).toContain(hidden);
    expect(drawn.lastIndexOf(shown)).toBeGreaterThan(drawn.lastIndexOf(hidden));
  });

  describe("refuses before it runs anything", () => {
    const occupied = join(folder, "occupied");
    const file = join(folder, "file");
    const broken = join(folder, "broken");
    beforeAll(() => {
      for (const path of [occupied, broken]) mkdirSync(path);
      writeFileSync(join(occupied, "thesis.tex"), "");
      writeFileSync(join(broken, "reproduction.json"), "{");
      writeFileSync(file, "");
    });

    it.each([
      ["an unknown id", ["tabel-8"], 2, 'did you mean "table-8"?'],
      ["an id that is nothing like any", ["zebra"], 2, "known: table-1"],
      ["an unknown preset", ["--preset", "slow"], 2, "quick, paper"],
      ["no seeds", ["--seeds", "0"], 2, "from 1 to 10000"],
      ["half a seed", ["--seeds", "1.5"], 2, "1.5"],
      ["no workers", ["--workers", "0"], 2, "at least 1"],
      ["workers in words", ["--workers", "many"], 2, "many"],
      ["an unknown option", ["--sedes", "3"], 2, "--seeds"],
      ["no time", ["table-1", "--seconds", "0"], 2, "above 0"],
      ["a time for several runs at once", ["table-1", "--seconds", "3", "--workers", "2"], 2, "cannot be used with option '--workers"],
      ["a time for what has none", ["--seconds", "3"], 2, "table-8 cannot be run by time; --seconds is for table-1, figure-2"],
      ["all and some", ["--all", "table-8"], 2, "table-8"],
      ["a folder with something in it", ["--out", occupied], 1, "thesis.tex"],
      ["a file", ["--out", file], 1, "found a file"],
      ["a folder under a file", ["--out", join(file, "report")], 1, "cannot write to"],
      ["a damaged report", ["--out", broken], 1, "expected JSON"],
    ])("%s", async (_, argv, code, words) => {
      const result = await lodoHere(["reproduce", ...argv]);
      expect(result.stdout).toBe("");
      expect(result.stderr).toContain(words);
      expect(result.stderr).not.toMatch(/steps\/s|\n\s+at /);
      expect(result.code).toBe(code);
    });

    it.runIf(existsSync("/proc/self"))("a folder that the system cannot make", async () => {
      const { code, stdout, stderr } = await lodo("reproduce", "--out", "/proc/lodo/below");
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toContain("error: cannot write to /proc/lodo/below: ENOENT");
    });
  });
});
