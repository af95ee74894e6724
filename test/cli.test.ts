import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { optimizers } from "@lodo/optim";
import { architectures } from "@lodo/preconditioner";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tasks } from "../packages/experiments/src/tasks/index.ts";
import { lodo, lodoHere, start } from "./lodo.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lodo-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const words = (line: string): string[] => line.split(" ").filter((word) => word !== "");

describe("lodo", () => {
  it("tells its commands, and each command its options", async () => {
    const { code, stdout, stderr } = await lodo("--help");
    expect([code, stderr]).toEqual([0, ""]);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) \[/gm)].map(([, name]) => name as string);
    expect(commands).toEqual(expect.arrayContaining(["list", "run"]));
    for (const command of commands.filter((name) => name !== "help")) {
      for (const args of [
        [command, "--help"],
        ["help", command],
      ]) {
        const help = await lodoHere(args);
        expect([help.code, help.stderr]).toEqual([0, ""]);
        expect(help.stdout).toContain(`Usage: lodo ${command}`);
      }
    }
  });

  it("tells its version", async () => {
    expect((await lodoHere(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("ends quietly when its reader has seen enough", () => {
    const { status, stderr } = spawnSync("bash", [
      "-c",
      `set -o pipefail; "${process.execPath}" packages/experiments/bin/lodo.js list | head -1`,
    ]);
    expect([status, stderr.toString()]).toEqual([0, ""]);
  });

  it.runIf(existsSync("/dev/full"))("says that its output has no room, and fails", () => {
    const { status, stderr } = spawnSync("bash", ["-c", `"${process.execPath}" packages/experiments/bin/lodo.js list > /dev/full`]);
    expect(stderr.toString()).toMatch(/^error: cannot write to stdout: ENOSPC.*\n$/);
    expect(status).toBe(1);
  });

  it("works on when nobody listens to its notes", async () => {
    const out = join(folder, "unheard");
    const args = ["run", "rosenbrock", "--optimizer", "adam", "--steps", "5", "--out", out];
    await lodoHere(args);
    const file = join(out, "environment.json");
    writeFileSync(file, readFileSync(file, "utf8").replace(process.platform, "elsewhere"));
    expect((await lodoHere([...args, "--resume"])).stderr).toContain("note: this run began elsewhere");
    const { process: child, outcome } = start(...args, "--resume");
    child.stderr?.destroy();
    const { code, stdout } = await outcome;
    expect([code, stdout]).toEqual([0, expect.stringContaining("written to")]);
    rmSync(out, { recursive: true });
  });
});

describe("lodo list", () => {
  it("has a line for every task, optimizer and preconditioner, with its reference", async () => {
    const { stdout } = await lodo("list");
    for (const { id, summary, reference } of [...tasks, ...optimizers, ...architectures]) {
      const line = stdout.split("\n").find((line) => words(line)[0] === id);
      expect(line).toContain(summary);
      expect(line).toContain(reference);
    }
  });

  it("says the same as JSON", async () => {
    const { stdout, stderr } = await lodo("list", "--json");
    const listed = JSON.parse(stdout) as Record<string, { id: string; reference: string }[]>;
    expect(stderr).toBe("");
    expect(listed["tasks"]?.map(({ id }) => id)).toEqual(tasks.map(({ id }) => id));
    expect(listed["optimizers"]?.map(({ id }) => id)).toEqual(optimizers.map(({ id }) => id));
    expect(listed["preconditioners"]?.map(({ id }) => id)).toEqual(architectures.map(({ id }) => id));
    expect(listed["experiments"]?.map(({ id }) => id)).toEqual(expect.arrayContaining(["table-1", "table-8", "figure-3"]));
  });

  it("tells the options of one", async () => {
    const { stdout } = await lodoHere(["list", "lodo"]);
    expect(stdout).toMatch(/^ {2}beta +β, momentum decay: a number in \[0, 1\); default 0.9$/m);
  });
});

describe("wrong usage", () => {
  const run = ["run", "rosenbrock", "--optimizer", "adam"];
  const bowl = ["run", "noisy-quadratic-bowl", "--optimizer", "lodo"];
  const wrong: readonly (readonly [args: readonly string[], message: string])[] = [
    [[], "Usage: lodo"],
    [["lits"], "Did you mean list?"],
    [["list", "--jsn"], "Did you mean --json?"],
    [["list", "adm"], 'no name "adm"; did you mean "adam"?'],
    [["list", "quux"], 'no name "quux" (known: noisy-quadratic-bowl, '],
    [["list", "lodo", "adam"], "too many arguments"],
    [["list", "--json=1"], "error"],
    [["run", "--optimizer", "adam"], "missing required argument 'task'"],
    [["run", "rosenbrock"], "required option '--optimizer <id>' not specified"],
    [["run", "rosenbrok", "--optimizer", "adam"], 'no task "rosenbrok"; did you mean "rosenbrock"?'],
    [["run", "bowl", "--optimizer", "adam"], 'no task "bowl"; did you mean "noisy-quadratic-bowl"?'],
    [["run", "rosenbrock", "--optimizer", "Adam"], 'no optimizer "Adam"; did you mean "adam"?'],
    [[...run, "--steps", "0"], 'Expected an integer of at least 1, got "0"'],
    [[...run, "--steps", ""], 'Expected an integer of at least 1, got ""'],
    [[...run, "--seed", "1.5"], 'Expected an integer, got "1.5"'],
    [[...run, "--seed", "1e300"], 'Expected an integer, got "1e300"'],
    [[...run, "--tuned", "papr"], "Allowed choices are paper, ours"],
    [["run", "rosenbrock", "--optimizer", "newton", "--tuned", "paper"], "the paper has no tuned values for newton on rosenbrock"],
    [[...run, "--set", "b1"], '--set takes key=value, got "b1"'],
    [[...run, "--set", "learningrate=1"], 'no option "learningrate"; did you mean "learningRate"?'],
    [[...run, "--set", "noise=2"], 'no option "noise" (options of rosenbrock: none; of adam: learningRate, b1, b2, eps)'],
    [[...run, "--set", "task.b1=0.5"], 'no option "b1" (options of rosenbrock: none)'],
    [[...run, "--set", "b1=1"], "adam: b1 must be a number in [0, 1), got 1"],
    [[...run, "--set", "learningRate=-1"], "adam: learningRate must be a finite number above 0, got -1"],
    [[...run, "--set", "learningRate="], 'adam: learningRate must be a finite number above 0, got ""'],
    [[...run, "--set", "b1=0.5", "optimizer.b1=0.6"], "b1 is set twice: to 0.5 and to 0.6"],
    [[...run, "--set", "constructor=1"], 'no option "constructor"'],
    [[...bowl, "--set", "noise=0"], "noisy-quadratic-bowl: noise must be a finite number above 0, got 0"],
    [[...bowl, "--set", "depth=1.5"], "lodo: depth must be an integer of at least 0, got 1.5"],
    [[...bowl, "--set", "preconditioner=dens"], 'no preconditioner of lodo called "dens"; did you mean "dense"?'],
    [[...bowl, "--set", "preconditioner=dense", "depth=3"], 'no option "depth" here; there is one with preconditioner=block-permutation'],
    [[...bowl, "--set", "preconditioner=dense", "optimizer.depth=3"], "there is one with preconditioner=block-permutation"],
    [[...bowl, "--set", "preconditioner=dense", "task.depth=3"], 'no option "depth" (options of noisy-quadratic-bowl: dim, noise)'],
    // n² numbers are more than any array holds.
    [[...bowl, "--set", "dim=200000"], "bytes"],
    [[...bowl, "--set", "dim=200000", "--dry-run"], "bytes"],
    [[...run, "--out", ""], 'Expected the path of a folder, got ""'],
    [[...run, "--out", "", "--dry-run"], 'Expected the path of a folder, got ""'],
    [["reproduce", "--out", ""], 'Expected the path of a folder, got ""'],
    [["report", ""], 'Expected the path of a folder, got ""'],
    [["reproduce", "--seeds", "10001"], 'Expected an integer from 1 to 10000, got "10001"'],
    [[...bowl, "--set", "preconditioner.depth=3"], 'no option "preconditioner.depth"; did you mean "depth"?'],
    [[...run, "--resume"], "--resume needs --out"],
    [[...run, "--out", "x", "--resume", "--dry-run"], "cannot be used with option"],
  ];

  it.each(wrong)("%j", async (args, message) => {
    const { code, stdout, stderr } = await lodoHere(args);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("    at ");
    expect([code, stdout]).toEqual([2, ""]);
    if (args.length > 0) expect((await lodoHere([...args, "--json"])).stdout).toBe("");
  });

  it("ends the process with 2", async () => {
    expect((await lodo("run", "rosenbrock", "--optimizer", "adm")).code).toBe(2);
  });
});

describe("an output folder that cannot be", () => {
  const run = (out: string, ...rest: string[]): readonly string[] => [
    "run",
    "rosenbrock",
    "--optimizer",
    "adam",
    "--steps",
    "5",
    "--out",
    out,
    ...rest,
  ];

  it("is refused before anything is written", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "mine");
    const done = join(folder, "done");
    await lodoHere(run(done));
    for (const [args, message] of [
      [run(file), `expected ${file} to be a folder, found a file`],
      [run(join(file, "below")), `expected ${file} to be a folder, found a file`],
      [run(join(file, "below", "that"), "--dry-run"), `expected ${file} to be a folder, found a file`],
      [run(folder), `expected ${folder} to be an empty folder or none, found `],
      [run(done), "found what was begun there; add --resume"],
      [run(join(folder, "none"), "--resume"), `expected a run to resume in ${join(folder, "none")}, found no config.json`],
      ...(existsSync("/proc/self") ? [[run("/proc/lodo"), "cannot write /proc/lodo: ENOENT"] as const] : []),
    ] as const) {
      const { code, stdout, stderr } = await lodoHere(args);
      expect(stderr).toContain(message);
      expect([code, stdout]).toEqual([1, ""]);
    }
    expect(readdirSync(folder).sort()).toEqual(["done", "file"]);
    expect(readFileSync(file, "utf8")).toBe("mine");
  });

  // The superuser may write anywhere.
  it.runIf(process.getuid?.())("is refused where nothing may be written, before a dry run too", async () => {
    const closed = join(folder, "closed");
    mkdirSync(closed, { mode: 0o500 });
    for (const args of [run(closed), run(join(closed, "below"), "--dry-run")]) {
      expect(await lodoHere(args)).toMatchObject({
        code: 1,
        stdout: "",
        stderr: expect.stringContaining(`cannot write ${closed}: EACCES`),
      });
    }
    rmSync(closed, { recursive: true });
  });

  it("ends the process with 1", async () => {
    expect((await lodo(...run(resolve("README.md")))).code).toBe(1);
  });
});

describe("lodo run", () => {
  it("gives the paper's number for Adam on Rosenbrock's valley, as one JSON document", async () => {
    const { code, stdout, stderr } = await lodo("run", "rosenbrock", "--optimizer", "adam", "--steps", "200", "--tuned", "paper", "--json");
    expect([code, stderr]).toEqual([0, ""]);
    const { summary } = JSON.parse(stdout) as { readonly summary: Record<string, unknown> };
    expect(Math.abs((summary["meanTailLoss"] as number) / 5.342e-5 - 1)).toBeLessThan(0.002);
    expect(summary).toMatchObject({ evaluations: 200, diverged: null, stopped: null });
  });

  it("writes a folder whose files say what was asked, where it ran, every recorded loss and what came of it", async () => {
    const out = join(folder, "run");
    const args = ["run", "noisy-quadratic-bowl", "--optimizer", "lodo", "--steps", "25", "--record-every", "10", "--seed", "3"];
    const { code, stdout } = await lodoHere([...args, "--set", "dim=6", "task.noise=0.5", "optimizer.depth=2", "meta=sgd", "--out", out]);
    expect([code, stdout]).toEqual([0, expect.stringContaining(`written to    ${out}`)]);
    const read = (name: string): string => readFileSync(join(out, name), "utf8");
    expect(readdirSync(out).sort()).toEqual([
      "checkpoint.safetensors",
      "config.json",
      "environment.json",
      "records.jsonl",
      "summary.json",
      "timings.json",
    ]);
    expect(JSON.parse(read("config.json"))).toMatchObject({
      seed: 3,
      steps: 25,
      taskOptions: { dim: 6, noise: 0.5 },
      hyperparameters: { depth: 2, meta: "sgd", beta: 0.9, preconditioner: "block-permutation" },
    });
    expect(JSON.parse(read("environment.json"))).toMatchObject({ node: process.versions.node });
    const records = read("records.jsonl")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { evaluation: number; loss: number });
    expect(records.map(({ evaluation }) => evaluation)).toEqual([1, 10, 20, 25]);
    expect(JSON.parse(read("summary.json"))).toMatchObject({ evaluations: 25, finalLoss: records[3]?.loss });
  });

  it("gives one seed one result and another seed another", async () => {
    const run = async (seed: string): Promise<unknown> =>
      (
        JSON.parse(
          (
            await lodoHere([
              "run",
              "noisy-quadratic-bowl",
              "--optimizer",
              "lodo",
              "--steps",
              "20",
              "--seed",
              seed,
              "--set",
              "dim=4",
              "--json",
            ])
          ).stdout,
        ) as {
          readonly summary: { readonly finalLoss: number };
        }
      ).summary.finalLoss;
    expect(await run("1")).toBe(await run("1"));
    expect(await run("1")).not.toBe(await run("-1"));
  });

  it("records divergence with its step, and counts it as done", async () => {
    const out = join(folder, "diverging");
    const { code, stdout } = await lodoHere(["run", "rosenbrock", "--optimizer", "sgd", "--set", "learningRate=10", "--out", out]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("diverged      at step 6")]);
    expect(JSON.parse(readFileSync(join(out, "summary.json"), "utf8"))).toMatchObject({
      evaluations: 6,
      diverged: 6,
      finalLoss: null,
      meanTailLoss: null,
    });
    expect(readFileSync(join(out, "records.jsonl"), "utf8").endsWith('{"evaluation":6,"loss":null}\n')).toBe(true);
  });

  it("does not take the loss of a trial point for that of the run: where it is not finite, the method has refused it", async () => {
    const out = join(folder, "refusing");
    const far = ["mgh-biggs-exp6", "--optimizer", "levenberg-marquardt-residual", "--set", "factor=100"];
    const { code, stdout } = await lodoHere(["run", ...far, "--record-every", "1", "--out", out]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("stopped       converged: levenberg-marquardt-residual: ")]);
    expect(stdout).not.toContain("diverged");
    expect(readFileSync(join(out, "records.jsonl"), "utf8")).toContain('{"evaluation":2,"loss":null}\n{"evaluation":3,');
    expect(JSON.parse(readFileSync(join(out, "summary.json"), "utf8"))).toMatchObject({ diverged: null, stopped: { kind: "converged" } });
  });

  it("tells sizes before it starts, and writes nothing", async () => {
    const out = join(folder, "dry");
    const args = ["run", "noisy-quadratic-bowl", "--optimizer", "lodo", "--dry-run", "--out", out];
    const { stdout } = await lodoHere([...args, "--json"]);
    const { estimate } = JSON.parse(stdout) as { readonly estimate: Record<string, number> };
    // θ: N ñ k = 16 · 204 · 4. State: x, m and the centre, θ and Adam's two moments of it, in float64; β₁ᵗ and β₂ᵗ are no arrays; N permutations of ñ.
    expect(estimate).toMatchObject({ parameters: 100, thetaSize: 13056, stateBytes: 8 * (3 * 100 + 3 * 13056) + 4 * 16 * 204 });
    expect(estimate["secondsPerStep"]).toBeGreaterThan(0);
    const { other, ...parts } = (JSON.parse(stdout) as { readonly estimate: { readonly parts: Record<string, number> } }).estimate.parts;
    expect(Object.keys(parts)).toEqual(["task", "product", "pullBack", "metaOptimizer"]);
    for (const seconds of Object.values(parts)) expect(seconds).toBeGreaterThan(0);
    // Sums of five numbers, in some order.
    expect(Object.values(parts).reduce((a, b) => a + b, other as number)).toBeCloseTo(estimate["secondsPerStep"] as number, 12);
    const text = (await lodoHere(args)).stdout;
    expect(text).toContain("size of θ     13056");
    expect(text).toMatch(/of a step {5}task \d+%, G m \d+%, pull-back \d+%, meta-optimizer \d+%, other -?\d+%\n/);
    expect(existsSync(out)).toBe(false);
  });
});
