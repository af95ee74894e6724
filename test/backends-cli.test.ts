import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { simd } from "@lodo/kernels";
import { useBackend, withBackend } from "@lodo/tensor";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { onReference } from "../packages/experiments/src/backends/choice.ts";
import { openBackend } from "../packages/experiments/src/backends/openBackend.ts";
import { backendMemory } from "../packages/experiments/src/cli/backendOptions.ts";
import { experiments } from "../packages/experiments/src/experiments/index.ts";
import type { Trial } from "../packages/experiments/src/experiments/trial.ts";
import { trainOnBowls } from "../packages/experiments/src/metaTraining/trainOnBowls.ts";
import { type Assignment, runAssignment } from "../packages/experiments/src/pool/jobs.ts";
import { runJobs } from "../packages/experiments/src/pool/runJobs.ts";
import { lodoHere } from "./lodo.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lodo-backends-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const environment = process.env["LODO_BACKEND"];
afterEach(() => {
  process.env["LODO_BACKEND"] = environment;
});

const bowl = ["run", "noisy-quadratic-bowl", "--optimizer", "lodo", "--steps", "60", "--set", "dim=30"];
const file = (name: string, of: string): string => readFileSync(join(folder, name, of), "utf8");
const configurationIn = (name: string): Record<string, unknown> => JSON.parse(file(name, "config.json")) as Record<string, unknown>;

describe("what computes", () => {
  it("has its part of the machine's memory, from 1 GiB to what can be addressed", () => {
    const machine = totalmem();
    expect(backendMemory(1)).toBe(Math.min(2 ** 32, Math.max(2 ** 30, machine)));
    expect(backendMemory(machine / 2 ** 31)).toBe(2 ** 31);
    expect(backendMemory(1e9)).toBe(2 ** 30);
  });
});

describe("lodo backends", () => {
  it("tells of every backend, and what auto takes, as JSON", async () => {
    const { code, stdout, stderr } = await lodoHere(["backends", "--seconds", "0.02", "--json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const { backends, auto } = JSON.parse(stdout) as Record<"backends" | "auto", readonly Record<string, unknown>[]>;
    expect(backends.map(({ id }) => id)).toEqual(["reference", "simd", "gpu"]);
    for (const { available, measured, reason, remedy } of backends) {
      if (available) expect(measured).toHaveLength(3);
      else expect([typeof reason, typeof remedy]).toEqual(["string", "string"]);
    }
    expect(auto.map(({ dtype }) => dtype)).toEqual(["float64", "float32"]);
    expect(auto[0]?.["backend"]).toBe("simd");
  });

  it("says it in words", async () => {
    const { code, stdout } = await lodoHere(["backends", "--seconds", "0.02"]);
    expect(code).toBe(0);
    for (const words of ["matmul", "conv2d", "GFLOP/s", "GB/s", "error", "auto takes simd for float64"]) expect(stdout).toContain(words);
  });
});

describe("a run", () => {
  it("is on record with what computed it, and has other last bits by another", async () => {
    for (const backend of ["reference", "simd"]) {
      const { code, stdout } = await lodoHere([...bowl, "--backend", backend, "--out", join(folder, backend)]);
      expect([code, stdout]).toEqual([0, expect.stringMatching(new RegExp(`computed by +${backend}\n`))]);
      expect(configurationIn(backend)).toMatchObject({ backend, fastMath: false });
    }
    const { code } = await lodoHere(["report", join(folder, "simd")]);
    expect([code, file("simd", "report.html")]).toEqual([0, expect.stringContaining("backend simd")]);
    const losses = (name: string): number[] =>
      file(name, "records.jsonl")
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { loss: number }).loss);
    const [a, b] = [losses("reference"), losses("simd")];
    for (const [i, loss] of a.entries()) expect(Math.abs((b[i] as number) - loss)).toBeLessThan(1e-9 * (1 + loss));
  });

  it("takes what LODO_BACKEND names, unless the command line names another", async () => {
    process.env["LODO_BACKEND"] = "simd";
    expect((await lodoHere(bowl)).stdout).toMatch(/computed by +simd/);
    expect((await lodoHere([...bowl, "--backend", "reference"])).stdout).toMatch(/computed by +reference/);
    process.env["LODO_BACKEND"] = "";
    expect((await lodoHere(bowl)).stdout).toMatch(/computed by +simd/);
  });

  it("goes on with the backend that it began with, to the bits of a run that was not cut off", async () => {
    const [whole, cut] = [join(folder, "whole"), join(folder, "cut")];
    await lodoHere([...bowl, "--backend", "simd", "--checkpoint-every", "20", "--out", whole]);
    const interrupted = await lodoHere([...bowl, "--steps", "20000", "--backend", "simd", "--out", cut], { interrupt: true });
    expect(interrupted.code).toBe(1);
    rmSync(cut, { recursive: true });
    await lodoHere([...bowl, "--backend", "simd", "--checkpoint-every", "20", "--out", cut]);
    // What a process that was killed after its start leaves.
    rmSync(join(cut, "summary.json"));
    const { code, stdout } = await lodoHere(["run", "noisy-quadratic-bowl", "--optimizer", "lodo", "--out", cut, "--resume"]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/computed by +simd/)]);
    for (const name of ["records.jsonl", "summary.json"]) expect(file("cut", name)).toBe(file("whole", name));
  });

  it("of before there were backends goes on by the reference", async () => {
    const old = join(folder, "old");
    await lodoHere([...bowl, "--backend", "reference", "--out", old]);
    const { backend: _, fastMath: __, ...configuration } = configurationIn("old");
    writeFileSync(join(old, "config.json"), JSON.stringify(configuration));
    process.env["LODO_BACKEND"] = "simd";
    const { code, stdout } = await lodoHere([...bowl, "--out", old, "--resume"]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/computed by +reference/)]);
  });
});

describe("what is wrong", () => {
  const wrong: readonly (readonly [string, readonly string[], string | undefined, number, RegExp])[] = [
    ["a name that nobody has", [...bowl, "--backend", "smid"], undefined, 2, /no backend "smid"; did you mean "simd"\?/],
    ["no name", [...bowl, "--backend"], undefined, 2, /argument missing/],
    [
      "a name of the environment that nobody has",
      bowl,
      "abacus",
      2,
      /LODO_BACKEND: no backend "abacus" \(known: reference, simd, gpu, auto\)/,
    ],
    ["fused multiply-adds of the reference", [...bowl, "--backend", "reference", "--fast-math"], undefined, 2, /leave --fast-math out/],
    [
      "threads of the reference",
      [...bowl, "--backend", "reference", "--threads", "2"],
      undefined,
      2,
      /--threads 2: the reference computes in one thread; leave --threads out, or take --backend simd/,
    ],
    ["threads of what the environment names", [...bowl, "--threads", "2"], "reference", 2, /the reference computes in one thread/],
    ["no time to measure in", ["backends", "--seconds", "0"], undefined, 2, /above 0, and at most 600/],
    ["a backend to list", ["backends", "simd"], undefined, 2, /too many arguments/],
  ];
  it.each(wrong)("%s is refused before anything is written", async (_, args, variable, expected, words) => {
    if (variable !== undefined) process.env["LODO_BACKEND"] = variable;
    const out = join(folder, "refused");
    const { code, stdout, stderr } = await lodoHere(args[0] === "run" ? [...args.slice(0, 1), "--out", out, ...args.slice(1)] : args);
    expect([code, stdout]).toEqual([expected, ""]);
    expect(stderr).toMatch(words);
    expect(existsSync(out)).toBe(false);
  });

  const opening = openBackend("gpu").then(
    () => true,
    () => false,
  );

  it("what auto does without is said on one short line, where something would help", async ({ skip }) => {
    skip(await opening, "this machine has a GPU");
    const rehearsal = ["run", "image-generation", "--optimizer", "sgd", "--set", "batch=1", "--dry-run"];
    const { stderr } = await lodoHere([...rehearsal, "--backend", "auto"]);
    expect(stderr).toMatch(/^note: computed by simd, not gpu: .{1,80}; lodo backends says what would help\n/);
    expect((await lodoHere([...bowl, "--backend", "auto"])).stderr).not.toContain("note:");
  });

  it("a GPU that is not there is refused with the remedy, by every command that computes", async ({ skip }) => {
    skip(await opening, "this machine has one");
    for (const args of [
      bowl,
      ["reproduce"],
      ["tune", "rosenbrock", "--optimizer", "adam"],
      ["meta-train"],
      ["claims"],
      ["preconditioners"],
    ]) {
      const { code, stdout, stderr } = await lodoHere([...args, "--backend", "gpu"]);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(
        /the backend gpu is not to be had here: there is no OpenGL context in this process; .*gl@.*; or take --backend simd/,
      );
    }
  });

  it("fused multiply-adds are on record where the engine has them, and refused with the remedy where it has not", async () => {
    const out = join(folder, "fused");
    const { code, stderr } = await lodoHere([...bowl, "--backend", "simd", "--fast-math", "--out", out]);
    const has = await simd({ fastMath: true, memory: 2 ** 20 }).then(
      () => true,
      () => false,
    );
    if (has) expect([code, configurationIn("fused")]).toEqual([0, expect.objectContaining({ backend: "simd", fastMath: true })]);
    else expect([code, stderr]).toEqual([2, expect.stringMatching(/relaxed SIMD.*; leave --fast-math out/)]);
  });

  it("a run goes on by no other backend, and says if its own is not there", async ({ skip }) => {
    const out = join(folder, "begun");
    await lodoHere([...bowl, "--backend", "simd", "--out", out]);
    const other = await lodoHere([...bowl, "--out", out, "--resume", "--backend", "reference"]);
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining("backend: simd there, reference here")]);
    skip(await opening, "this machine has a GPU");
    writeFileSync(join(out, "config.json"), JSON.stringify({ ...configurationIn("begun"), backend: "gpu" }));
    const { code, stderr } = await lodoHere([...bowl, "--out", out, "--resume"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("was begun by gpu: the backend gpu is not to be had here")]);
  });

  it("a run folder that names a backend nobody has is no configuration", async () => {
    const out = join(folder, "abacus");
    await lodoHere([...bowl, "--out", out]);
    writeFileSync(join(out, "config.json"), JSON.stringify({ ...configurationIn("abacus"), backend: "abacus" }));
    const { code, stderr } = await lodoHere([...bowl, "--out", out, "--resume"]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/is no configuration of a run: backend: /)]);
  });
});

describe("--threads", () => {
  it("changes no bit of a run", async () => {
    for (const threads of ["1", "3"])
      expect(
        await lodoHere([...bowl, "--backend", "simd", "--threads", threads, "--out", join(folder, `threads${threads}`)]),
      ).toMatchObject({
        code: 0,
      });
    for (const name of ["config.json", "records.jsonl", "summary.json"]) expect(file("threads3", name)).toBe(file("threads1", name));
  });

  it.each(["0", "2.5", "257", "two"])("refuses %s", async (threads) => {
    const { code, stderr } = await lodoHere([...bowl, "--threads", threads]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`Expected an integer from 1 to 256, got "${threads}"`)]);
  });
});

describe("worker threads", () => {
  const job: Trial = {
    ...{ name: "lodo", column: "0.1", seed: 0, evaluations: 40, task: "noisy-quadratic-bowl", taskValues: { dim: 40, noise: 1 } },
    ...{ values: {}, record: { trajectory: true } },
  };
  const assignments: readonly Assignment[] = [0, 1, 2].map((seed) => ({ experiment: "table-8", job: { ...job, seed } }));

  it("compute on the backend that they are told, to the bits of this thread", async () => {
    expect(inject("buildFailure")).toBeNull();
    const backend = await simd({ memory: 2 ** 24 });
    const resultOf = ({ ok, ...rest }: { readonly ok: boolean }): unknown => (ok && "result" in rest ? rest.result : rest);
    const here = withBackend(backend, () => assignments.map((assignment) => resultOf(runAssignment(assignment, experiments))));
    const there = await runJobs(assignments, { workers: 2, backend: { backend: "simd", fastMath: false } });
    expect(there.map(resultOf)).toEqual(here);
    const plain = await runJobs(assignments, { workers: 2, backend: onReference });
    expect(plain.map(resultOf)).not.toEqual(here);
  });

  it("fill no memory by many jobs", async () => {
    const backend = await simd({ memory: 2 ** 21 });
    const [assignment] = assignments as [Assignment];
    const before = useBackend(backend);
    try {
      // Without garbage collection in between: nobody waits.
      for (let i = 0; i < 100; i++) expect(runAssignment(assignment, experiments)).toMatchObject({ ok: true });
    } finally {
      useBackend(before);
    }
  });

  it("nor does a long meta-training", async () => {
    const backend = await simd({ memory: 2 ** 20 });
    const before = useBackend(backend);
    try {
      const options = { seed: 0, updates: 300, unroll: 2, layers: 1, hidden: 4, dim: 4 };
      expect(await trainOnBowls(options)).toMatchObject({ options });
    } finally {
      useBackend(before);
    }
  });
});
