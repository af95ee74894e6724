import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { optimizers, serialize } from "@lodo/optim";
import { ArgumentError, createRng, map, type Params, zerosLike } from "@lodo/tensor";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beginFolder } from "../packages/experiments/src/run/beginFolder.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../packages/experiments/src/run/checkpoint.ts";
import type { RunConfiguration } from "../packages/experiments/src/run/configuration.ts";
import { execute, startOf } from "../packages/experiments/src/run/execute.ts";
import type { RunFolder, RunRecord } from "../packages/experiments/src/run/files.ts";
import { lengthen } from "../packages/experiments/src/run/lengthen.ts";
import { resumeFolder } from "../packages/experiments/src/run/resumeFolder.ts";
import { simulate } from "../packages/experiments/src/run/simulate.ts";
import { emptyTally, type Summary } from "../packages/experiments/src/run/tally.ts";
import { tasks } from "../packages/experiments/src/tasks/index.ts";
import { killed } from "./killed.ts";
import { lodo, lodoHere, start } from "./lodo.ts";

const full = process.env["LODO_FULL"] !== undefined;

/** A run that spends most of its time on writing checkpoints, so that many a death falls into that. */
const what = ["run", "noisy-quadratic-bowl", "--optimizer", "lodo"];
const how = ["--steps", "300", "--seed", "5", "--set", "dim=30", "depth=5", "--record-every", "3", "--checkpoint-every", "5"];

let root = "";
const at = (...names: readonly string[]): string => join(root, ...names);
const results = ["records.jsonl", "checkpoint.safetensors", "summary.json", "config.json", "environment.json"];
/** The bytes of every file of a run folder but its timings, in hexadecimal; what is missing is "". */
const bytesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(results.map((name) => [name, existsSync(join(folder, name)) ? readFileSync(join(folder, name), "hex") : ""]));
const everything = (folder: string): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "hex")]));

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "lodo-resume-"));
  expect(await lodo(...what, ...how, "--out", at("uninterrupted"))).toMatchObject({ code: 0 });
  const configuration = JSON.parse(readFileSync(at("uninterrupted", "config.json"), "utf8")) as RunConfiguration;
  await expect(dieAt(60, configuration, at("interrupted"))).rejects.toThrow("died");
}, 60_000);
afterAll(() => rmSync(root, { recursive: true }));

/** Begins a run that dies of an error when it is about to write a record. */
async function dieAt(record: number, configuration: RunConfiguration, folder: string): Promise<unknown> {
  const simulation = simulate(configuration);
  const from = startOf(simulation);
  const files = beginFolder(folder, configuration, simulation, from);
  let records = 0;
  const dying: RunFolder = Object.create(files, {
    record: {
      value: (line: RunRecord) => {
        if (++records === record) throw new Error("died");
        files.record(line);
      },
    },
  });
  return execute({ configuration, simulation, from, folder: dying }).finally(() => files.close());
}

/** A fresh copy of the run that died half-way. */
function interrupted(name: string): string {
  cpSync(at("interrupted"), at(name), { recursive: true });
  return at(name);
}

/** Goes on with the run in a folder, or begins it if it had not got as far as saying what it is. */
const goOn = (folder: string): ReturnType<typeof lodoHere> =>
  lodoHere(
    existsSync(join(folder, "config.json"))
      ? [...what, "--out", folder, "--resume", "--checkpoint-every", "1000"]
      : [...what, ...how, "--out", folder],
  );

describe("a run killed", () => {
  const rng = createRng(3);
  const moments = Array.from({ length: full ? 20 : 2 }, (_, i) => ({ i, records: rng.uniform(), pause: rng.uniform() * 30 }));

  it.each(moments)("at moment $i resumes to the bits of the uninterrupted run", async (moment) => {
    const folder = at(`killed-${moment.i}`);
    const enough = moment.records * statSync(at("uninterrupted", "records.jsonl")).size;
    const size = (): number => statSync(join(folder, "records.jsonl"), { throwIfNoEntry: false })?.size ?? -1;
    await killed({
      folder,
      begin: () => start(...what, ...how, "--out", folder),
      async moment(process, share) {
        while (process.exitCode === null && size() < share * enough) await pause(1);
        await pause(share * moment.pause);
      },
      cutOff: () => !existsSync(join(folder, "summary.json")),
    });
    expect(await goOn(folder)).toMatchObject({ code: 0 });
    expect(bytesOf(folder)).toEqual(bytesOf(at("uninterrupted")));
  });

  it.runIf(full)("again and again, from the first moment on, resumes to the same bits", async () => {
    const folder = at("killed-often");
    const signals: (string | null)[] = [];
    for (const milliseconds of [0, 150, 250, 300, 350, 400, 500, 600]) {
      const { process, outcome } = existsSync(join(folder, "config.json"))
        ? start(...what, "--out", folder, "--resume")
        : start(...what, ...how, "--out", folder);
      await pause(milliseconds);
      process.kill("SIGKILL");
      signals.push((await outcome).signal);
    }
    // The later ones may have been through with it.
    expect(signals[0]).toBe("SIGKILL");
    expect(await goOn(folder)).toMatchObject({ code: 0 });
    expect(bytesOf(folder)).toEqual(bytesOf(at("uninterrupted")));
  });
});

describe("a run cut off", () => {
  const last = (folder: string, name: string): string => join(folder, name);
  const states: readonly (readonly [string, (folder: string) => void])[] = [
    ["between two steps", () => {}],
    [
      "after more records than its checkpoint knows, in the middle of a line",
      (folder) => writeFileSync(last(folder, "records.jsonl"), '{"evaluation":99,"lo', { flag: "a" }),
    ],
    ["while writing a checkpoint", (folder) => writeFileSync(last(folder, "checkpoint.safetensors.partial"), "half a check")],
    ["at the very beginning", (folder) => clear(folder, [])],
    ["once it had said what it is", (folder) => clear(folder, ["config.json"])],
    ["once it had said where it runs", (folder) => clear(folder, ["config.json", "environment.json"])],
    ["before its first checkpoint", (folder) => clear(folder, ["config.json", "environment.json", "records.jsonl"])],
    ["right after its first checkpoint", (folder) => writeFileSync(last(folder, ".beginning"), "")],
  ];
  /** As a run leaves it that has not got further than these files. */
  const clear = (folder: string, kept: readonly string[]): void => {
    for (const name of readdirSync(folder)) if (!kept.includes(name)) rmSync(join(folder, name));
    if (kept.includes("records.jsonl")) truncateSync(join(folder, "records.jsonl"));
    writeFileSync(join(folder, ".beginning"), "");
  };

  it.each(states)("%s resumes to the bits of the uninterrupted run", async (name, cut) => {
    const folder = interrupted(name);
    expect(bytesOf(folder)).not.toEqual(bytesOf(at("uninterrupted")));
    cut(folder);
    expect(await goOn(folder)).toMatchObject({ code: 0 });
    expect(bytesOf(folder)).toEqual(bytesOf(at("uninterrupted")));
    expect(readdirSync(folder).sort()).toEqual(readdirSync(at("uninterrupted")).sort());
  });

  it("before its summary needs nothing but that, and a finished run nothing", async () => {
    cpSync(at("uninterrupted"), at("finished"), { recursive: true });
    rmSync(at("finished", "summary.json"));
    writeFileSync(at("finished", "timings.json.partial"), "{");
    for (let i = 0; i < 2; i++) {
      const { code, stdout } = await lodoHere([...what, "--out", at("finished"), "--resume", "--json"]);
      expect([code, JSON.parse(stdout).summary]).toEqual([0, JSON.parse(readFileSync(at("uninterrupted", "summary.json"), "utf8"))]);
      expect(bytesOf(at("finished"))).toEqual(bytesOf(at("uninterrupted")));
      expect(readdirSync(at("finished"))).toEqual(readdirSync(at("uninterrupted")));
    }
  });

  it("by SIGINT writes a checkpoint and says how to go on", async () => {
    const folder = at("stopped here");
    const { process, outcome } = start(...what, "--steps", "1e9", "--set", "dim=30", "--checkpoint-every", "5", "--out", folder);
    // Written with the first checkpoint after the start: by then the run listens.
    while (process.exitCode === null && !existsSync(join(folder, "timings.json"))) await pause(1);
    process.kill("SIGINT");
    const { code, stdout, stderr } = await outcome;
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/error: interrupted by SIGINT after \d+ of 1000000000 steps; go on with: /);
    expect(stderr).toContain(`lodo run noisy-quadratic-bowl --optimizer lodo --out '${folder}' --resume`);
    const again = await lodoHere([...what, "--out", folder, "--resume"], { interrupt: true });
    const steps = (text: string): number => Number(/after (\d+) of/.exec(text)?.[1]);
    expect(again.code).toBe(1);
    expect(steps(again.stderr)).toBeGreaterThan(steps(stderr));
  });
});

describe("a run made longer", () => {
  const short = ["--steps", "150", ...how.slice(2)];

  beforeAll(async () => {
    expect(await lodoHere([...what, ...short, "--out", at("short")])).toMatchObject({ code: 0 });
  });

  const states: readonly (readonly [string, (folder: string) => void, readonly string[]])[] = [
    ["once it has ended", () => {}, ["--steps", "300"]],
    ["and killed before its summary was gone", (folder) => rmSync(join(folder, "summary.json")), ["--steps", "300"]],
    [
      "and killed as soon as it said so",
      (folder) => {
        rmSync(join(folder, "summary.json"));
        cpSync(at("uninterrupted", "config.json"), join(folder, "config.json"));
      },
      [],
    ],
    [
      "before its first checkpoint",
      (folder) => {
        for (const name of readdirSync(folder)) if (name !== "config.json") rmSync(join(folder, name));
        writeFileSync(join(folder, ".beginning"), "");
      },
      ["--steps", "300"],
    ],
  ];

  it.each(states)("%s comes to the bits of a run that began so", async (name, cut, args) => {
    const folder = at(`longer ${name}`);
    cpSync(at("short"), folder, { recursive: true });
    cut(folder);
    expect(await lodoHere([...what, "--out", folder, "--resume", "--checkpoint-every", "1000", ...args])).toMatchObject({ code: 0 });
    expect(bytesOf(folder)).toEqual(bytesOf(at("uninterrupted")));
  });

  it("has no summary until it has ended again", async () => {
    const folder = at("longer and stopped");
    cpSync(at("short"), folder, { recursive: true });
    const { code } = await lodoHere([...what, "--out", folder, "--resume", "--steps", "1e9"], { interrupt: true });
    expect([code, existsSync(join(folder, "summary.json"))]).toEqual([1, false]);
    expect(JSON.parse(readFileSync(join(folder, "config.json"), "utf8"))).toMatchObject({ steps: 1e9 });
  });

  it("is refused where some of the last tenth is done, and changes nothing", async () => {
    const before = everything(at("short"));
    const { code, stderr } = await lodoHere([...what, "--out", at("short"), "--resume", "--steps", "166"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("expected at least 167 steps")]);
    expect(stderr).toContain("after the 150 evaluations done");
    expect(everything(at("short"))).toEqual(before);
    cpSync(at("short"), at("a little longer"), { recursive: true });
    expect(await lodoHere([...what, "--out", at("a little longer"), "--resume", "--steps", "167"])).toMatchObject({ code: 0 });
    expect(await lodoHere([...what, ...how, "--steps", "167", "--out", at("begun so")])).toMatchObject({ code: 0 });
    const [ours, theirs] = ["a little longer", "begun so"].map(
      (name) => JSON.parse(readFileSync(at(name, "summary.json"), "utf8")) as Summary,
    );
    expect(ours).toEqual(theirs);
  });

  it("goes on after whole steps alone, where a step takes two evaluations", async () => {
    const run = (steps: number, name: string, ...more: readonly string[]): ReturnType<typeof lodoHere> =>
      lodoHere(["run", "rosenbrock", "--optimizer", "l-bfgs", "--steps", String(steps), "--out", at(name), ...more]);
    for (const [steps, name] of [
      [11, "within a step"],
      [12, "after a step"],
      [40, "all steps"],
    ] as const)
      expect(await run(steps, name)).toMatchObject({ code: 0 });
    const before = everything(at("within a step"));
    const { code, stderr } = await run(40, "within a step", "--resume");
    expect([code, stderr]).toEqual([1, expect.stringContaining("it ended within a step of l-bfgs")]);
    expect(everything(at("within a step"))).toEqual(before);
    expect(await run(40, "after a step", "--resume")).toMatchObject({ code: 0 });
    expect(bytesOf(at("after a step"))).toEqual(bytesOf(at("all steps")));
  });

  it("does not go on past the step that was to be the last", async () => {
    const run = (steps: number, name: string, ...more: readonly string[]): ReturnType<typeof lodoHere> =>
      lodoHere([
        "run",
        "mgh-helical-valley",
        "--optimizer",
        "levenberg-marquardt-residual",
        "--steps",
        String(steps),
        "--out",
        at(name),
        ...more,
      ]);
    expect(await run(1000, "stops by itself")).toMatchObject({ code: 0 });
    const { evaluations, stopped } = JSON.parse(readFileSync(at("stops by itself", "summary.json"), "utf8")) as Summary;
    expect(stopped).not.toBeNull();
    expect(await run(evaluations, "ends as it stops")).toMatchObject({ code: 0 });
    expect(await run(1000, "ends as it stops", "--resume")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("ended within a step"),
    });
  });

  it("is refused where the steps depend on how many there will be", () => {
    const there: RunConfiguration = {
      task: "image-generation",
      optimizer: "lars",
      seed: 0,
      steps: 10,
      recordEvery: 1,
      taskOptions: { batch: 1 },
      hyperparameters: {},
    };
    const { task } = simulate(there, { rehearsal: true });
    const tally = { ...emptyTally, evaluations: 10, tailSum: 5, tailCount: 1 };
    const longer = (change: Partial<RunConfiguration>): unknown =>
      lengthen("there", tally, there, { ...there, steps: 20, ...change }, task);
    expect(() => longer({})).toThrow("steps: 10 there, 20 here, and lars plans its steps by the run's length");
    const alike = { ...tally, tailSum: 0, tailCount: 0 };
    expect([longer({ hyperparameters: { steps: 5 } }), longer({ optimizer: "adam" })]).toEqual([alike, alike]);
  });
});

describe("the comparison with the uninterrupted run", () => {
  /** The run that died, with something of its checkpoint lost. */
  async function losing(name: string, lose: (checkpoint: Checkpoint, start: Checkpoint) => Checkpoint): Promise<Record<string, string>> {
    const folder = interrupted(name);
    const file = join(folder, "checkpoint.safetensors");
    const configuration = JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as RunConfiguration;
    const simulation = simulate(configuration);
    const checkpoint = decodeCheckpoint(file, readFileSync(file), configuration, simulation);
    writeFileSync(file, encodeCheckpoint(configuration, simulation, lose(checkpoint, startOf(simulation))));
    expect(await goOn(folder)).toMatchObject({ code: 0 });
    return bytesOf(folder);
  }

  const losses: readonly (readonly [string, (checkpoint: Checkpoint, start: Checkpoint) => Checkpoint])[] = [
    ["the optimizer's state", (c, start) => ({ ...c, snapshot: { ...c.snapshot, optimizer: start.snapshot.optimizer } })],
    ["the meta-optimizer's state", (c) => ({ ...c, snapshot: { ...c.snapshot, optimizer: withoutMoments(c.snapshot.optimizer) } })],
    ["the task's state", (c, start) => ({ ...c, snapshot: { ...c.snapshot, task: start.snapshot.task } })],
    ["the stream of draws", (c, start) => ({ ...c, snapshot: { ...c.snapshot, draws: start.snapshot.draws } })],
    ["x", (c, start) => ({ ...c, snapshot: { ...c.snapshot, x: start.snapshot.x } })],
  ];
  const withoutMoments = (state: unknown): unknown => {
    const { meta, ...rest } = state as { readonly meta: { readonly mu: Params } };
    return { ...rest, meta: { ...meta, mu: map(zerosLike, meta.mu) } };
  };

  it.each(losses)("notices that %s was lost", async (name, lose) => {
    const files = await losing(name, lose);
    expect(files["records.jsonl"]).not.toBe(bytesOf(at("uninterrupted"))["records.jsonl"]);
    expect(files["checkpoint.safetensors"]).not.toBe(bytesOf(at("uninterrupted"))["checkpoint.safetensors"]);
  });

  it("finds nothing where nothing was lost", async () => {
    expect(await losing("nothing", (checkpoint) => checkpoint)).toEqual(bytesOf(at("uninterrupted")));
  });
});

describe.each(tasks.filter(({ rehearse }) => !rehearse).map(({ id }) => id))("on %s", (task) => {
  const configurationOf = (optimizer: string): RunConfiguration => {
    const what = { task, optimizer, seed: 1, steps: 30 };
    return { ...what, recordEvery: 1, checkpointEvery: 1, taskOptions: {}, hyperparameters: {} };
  };

  /** Has the task what the optimizer needs (a Hessian, residuals, layers)? */
  const runs = (optimizer: string): boolean => {
    try {
      simulate(configurationOf(optimizer));
      return true;
    } catch (error) {
      if (error instanceof ArgumentError && /needs/.test(error.message)) return false;
      throw error;
    }
  };

  /** Every optimizer on the paper's tasks; on the others LODO stands for all, but in the full suite. */
  const asked = (optimizer: string): boolean => full || !task.startsWith("mgh-") || optimizer === "lodo";

  it.each(optimizers.map(({ id }) => id).filter((optimizer) => asked(optimizer) && runs(optimizer)))(
    "%s goes on from a checkpoint to the bits of the uninterrupted run",
    async (optimizer) => {
      const configuration = configurationOf(optimizer);
      const checkpointsFrom = async (from: Uint8Array | null): Promise<readonly Uint8Array[]> => {
        const simulation = simulate(configuration);
        const checkpoint = from ? decodeCheckpoint("checkpoint", from, configuration, simulation) : startOf(simulation);
        const written: Uint8Array[] = [];
        const nothing = (): void => {};
        const lengths = { recordBytes: 0, judgementBytes: 0 };
        const folder = { path: "", lengths, record: nothing, judged: nothing, session: nothing, finish: nothing, close: nothing };
        const checkpointed = (state: Checkpoint): void => {
          written.push(new Uint8Array(encodeCheckpoint(configuration, simulation, state)));
        };
        await execute({ configuration, simulation, from: checkpoint, folder: { ...folder, checkpoint: checkpointed } });
        return written;
      };
      const uninterrupted = await checkpointsFrom(null);
      const [middle, end] = [uninterrupted[uninterrupted.length >> 1] as Uint8Array, uninterrupted.at(-1) as Uint8Array];
      if (uninterrupted.length < 3) {
        // One that ends with its first step, by convergence or divergence, has no middle.
        const { tally } = decodeCheckpoint("checkpoint", end, configuration, simulate(configuration));
        expect(tally.stopped ?? tally.diverged).not.toBeNull();
        return;
      }
      expect(Buffer.compare((await checkpointsFrom(middle)).at(-1) as Uint8Array, end)).toBe(0);
      expect(Buffer.compare(middle, end)).not.toBe(0);
    },
  );
});

describe("a folder that a run is writing to", () => {
  const lock = (folder: string, holder: object): void => writeFileSync(join(folder, ".lock"), JSON.stringify(holder));
  const here = { hostname: hostname(), began: 0 };

  it("is refused to another process, and is its own as soon as the run has ended", async () => {
    const folder = at("busy");
    const run = start(...what, "--steps", "1e9", "--set", "dim=30", "--checkpoint-every", "5", "--out", folder);
    while (run.process.exitCode === null && !existsSync(join(folder, "timings.json"))) await pause(1);
    const other = await lodo(...what, "--out", folder, "--resume");
    expect(other).toMatchObject({ code: 1, stdout: "" });
    expect(other.stderr).toContain(
      `expected ${folder} to be written to by nobody, found process ${run.process.pid} on ${hostname()} at it; if no run is going on there, remove `,
    );
    expect(other.stderr).not.toContain("    at ");
    run.process.kill("SIGINT");
    expect((await run.outcome).code).toBe(1);
    expect(existsSync(join(folder, ".lock"))).toBe(false);
    expect((await lodoHere([...what, "--out", folder, "--resume"], { interrupt: true })).stderr).toContain("interrupted by SIGINT");
  });

  it("is refused in this process, too, before and after it says what it is", () => {
    const configuration = JSON.parse(readFileSync(at("interrupted", "config.json"), "utf8")) as RunConfiguration;
    const simulation = simulate(configuration);
    const folder = beginFolder(at("twice"), configuration, simulation, startOf(simulation));
    const words = `to be written to by nobody, found process ${process.pid} on`;
    expect(() => resumeFolder(at("twice"), configuration, simulation, startOf(simulation))).toThrow(words);
    for (const name of readdirSync(at("twice"))) if (name !== ".lock") rmSync(at("twice", name));
    expect(() => beginFolder(at("twice"), configuration, simulation, startOf(simulation))).toThrow(words);
    expect(readdirSync(at("twice"))).toEqual([".lock"]);
    folder.close();
    expect(readdirSync(at("twice"))).toEqual([]);
  });

  it.each([
    ["of a process that is no more", { ...here, pid: spawnSync("true").pid }],
    ["of a process whose number is now ours", { ...here, pid: process.pid }],
    ["without a holder", {}],
  ])("is taken over from a lock %s", async (name, holder) => {
    const folder = interrupted(`lock ${name}`);
    lock(folder, holder);
    expect(await goOn(folder)).toMatchObject({ code: 0 });
    expect(bytesOf(folder)).toEqual(bytesOf(at("uninterrupted")));
    expect(existsSync(join(folder, ".lock"))).toBe(false);
  });

  it.each([
    ["a process that lives", { ...here, pid: process.ppid }],
    ["a process of another host", { ...here, hostname: "elsewhere", pid: 1 }],
  ])("is left to %s", async (name, holder) => {
    const folder = interrupted(`lock of ${name}`);
    lock(folder, holder);
    const before = everything(folder);
    expect(await goOn(folder)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`found process ${holder.pid} on ${holder.hostname}`),
    });
    expect(everything(folder)).toEqual(before);
  });
});

describe("a run that cannot go on", () => {
  const edit = (folder: string, change: (bytes: Uint8Array) => Uint8Array): void => {
    const file = join(folder, "checkpoint.safetensors");
    writeFileSync(file, change(readFileSync(file)));
  };
  const refused: readonly (readonly [string, (folder: string) => void, readonly string[], string])[] = [
    ["another seed", () => {}, ["--seed", "6"], "is another run than the one asked for: seed: 5 there, 6 here"],
    ["fewer steps", () => {}, ["--steps", "200"], "steps: 300 there, 200 here"],
    ["another hyperparameter", () => {}, ["--set", "beta=0.5"], "optimizer.beta: 0.9 there, 0.5 here"],
    ["another option of the task", () => {}, ["--set", "dim=31"], "task.dim: 30 there, 31 here"],
    [
      "another preconditioner",
      () => {},
      ["--set", "preconditioner=dense"],
      "optimizer.preconditioner: block-permutation there, dense here; optimizer.depth: 5 there, nothing here",
    ],
    ["other records", () => {}, ["--record-every", "4"], "recordEvery: 3 there, 4 here"],
    ["no checkpoint", (folder) => rmSync(join(folder, "checkpoint.safetensors")), [], "to resume from, found none"],
    ["a checkpoint cut short", (folder) => truncateSync(join(folder, "checkpoint.safetensors"), 5000), [], "the file is cut short"],
    ["an empty checkpoint", (folder) => truncateSync(join(folder, "checkpoint.safetensors"), 0), [], "expected at least 8 bytes"],
    [
      "a picture for a checkpoint",
      (folder) => writeFileSync(join(folder, "checkpoint.safetensors"), "\u0089PNG\r\n and so on"),
      [],
      "not a safetensors file",
    ],
    [
      "a checkpoint with one bit turned over",
      (folder) => edit(folder, (bytes) => bytes.with(bytes.length - 100, (bytes.at(-100) as number) ^ 1)),
      [],
      "the file is damaged",
    ],
    [
      "a checkpoint of a newer format",
      (folder) =>
        edit(folder, (bytes) => Buffer.from(Buffer.from(bytes).toString("latin1").replace('"version":"1"', '"version":"2"'), "latin1")),
      [],
      "checkpoint.safetensors is no checkpoint that this run can go on from: deserialize: expected format version 1, the newest known here, found 2",
    ],
    [
      "a tree that is no run",
      (folder) => writeFileSync(join(folder, "checkpoint.safetensors"), serialize({ a: 1 })),
      [],
      "is no checkpoint that this run can go on from: kind: ",
    ],
    [
      "the checkpoint of another run",
      (folder) => cpSync(at("other", "checkpoint.safetensors"), join(folder, "checkpoint.safetensors")),
      [],
      "checkpoint.safetensors is another run than the one asked for: task: rosenbrock there",
    ],
    [
      "records shorter than its checkpoint counts",
      (folder) => truncateSync(join(folder, "records.jsonl"), 3),
      [],
      "that checkpoint.safetensors counts, found 3",
    ],
    ["no records", (folder) => rmSync(join(folder, "records.jsonl")), [], "that checkpoint.safetensors counts, found no such file"],
    [
      "a configuration cut short",
      (folder) => truncateSync(join(folder, "config.json"), 40),
      [],
      "config.json, found 40 characters that are none",
    ],
    [
      "a configuration that lacks its seed",
      (folder) => writeFileSync(join(folder, "config.json"), '{"task":"x"}'),
      [],
      "config.json is no configuration of a run: optimizer: ",
    ],
  ];

  beforeAll(async () => {
    await lodoHere(["run", "rosenbrock", "--optimizer", "adam", "--steps", "10", "--out", at("other")]);
  });

  it.each(refused)("%s: says what it expected and found, and changes nothing", async (name, spoil, args, message) => {
    const folder = interrupted(`refused: ${name}`);
    spoil(folder);
    const before = everything(folder);
    const { code, stdout, stderr } = await lodoHere([...what, "--out", folder, "--resume", ...args]);
    expect(stderr).toContain(message);
    expect(stderr).toContain(folder);
    expect(stderr).not.toContain("    at ");
    expect([code, stdout]).toEqual([1, ""]);
    expect(everything(folder)).toEqual(before);
  });

  it("another task or optimizer", async () => {
    const { code, stderr } = await lodoHere(["run", "rosenbrock", "--optimizer", "adam", "--out", at("interrupted"), "--resume"]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("task: noisy-quadratic-bowl there, rosenbrock here; optimizer: lodo there, adam here"),
    ]);
  });

  it("other permutations, or a state of another shape", () => {
    const configuration = JSON.parse(readFileSync(at("interrupted", "config.json"), "utf8")) as RunConfiguration;
    const small = { ...configuration, taskOptions: { dim: 3, noise: 1 } };
    const [simulation, reseeded, smaller] = [simulate(configuration), simulate({ ...configuration, seed: 6 }), simulate(small)];
    const decode = (bytes: Uint8Array): unknown => decodeCheckpoint("file", bytes, configuration, simulation);
    expect(() => decode(encodeCheckpoint(configuration, { ...simulation, fixed: reseeded.fixed }, startOf(simulation)))).toThrow(
      "expected fixed.permutations.0 as the seed draws it, found 64 other integers",
    );
    expect(() => decode(encodeCheckpoint(configuration, simulation, startOf(smaller)))).toThrow(
      "expected snapshot.x to be Tensor(float64, [30]), found Tensor(float64, [3])",
    );
  });
});
