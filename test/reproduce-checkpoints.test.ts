import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { deserialize, serialize } from "@lodo/optim";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { experiments } from "../packages/experiments/src/experiments/index.ts";
import { type Checkpoints, openCheckpoint } from "../packages/experiments/src/pool/checkpoints.ts";
import { jobClock } from "../packages/experiments/src/pool/jobClock.ts";
import { type Assignment, keyOf, type Outcome, runAssignment } from "../packages/experiments/src/pool/jobs.ts";
import { openJournal, runJournaled } from "../packages/experiments/src/pool/journal.ts";
import type { JobThreads } from "../packages/experiments/src/pool/runJobs.ts";
import { lodoHere, start } from "./lodo.ts";

const folder = mkdtempSync(join(tmpdir(), "lodo-checkpoints-"));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
const fresh = (): string => join(folder, `${count++}`);

/** Checkpoints wherever a job can go on. */
function everyStep(): Checkpoints {
  const path = fresh();
  mkdirSync(path);
  return { folder: path, every: 0 };
}

const assignments: readonly Assignment[] = (experiments.find(({ id }) => id === "table-8")?.jobs({ steps: 40, seeds: 1 }) ?? [])
  .slice(0, 3)
  .map((job) => ({ experiment: "table-8", job }));
const [lodo, adam] = assignments as [Assignment, Assignment];

describe("a job with a checkpoint", () => {
  const file = ({ folder }: Checkpoints): string => {
    const [name, ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    return join(folder, `${name}`);
  };
  const run = (assignment: Assignment, checkpoints: Checkpoints): Outcome => runAssignment(assignment, experiments, () => {}, checkpoints);
  const { ok, ...expected } = runAssignment(lodo, experiments) as Extract<Outcome, { readonly ok: true }>;

  /** What a job has left that died before its last step; it had run for a thousand seconds. */
  function left(assignment = lodo): Checkpoints {
    const checkpoints = everyStep();
    run(assignment, checkpoints);
    const saved = deserialize(readFileSync(file(checkpoints))) as object;
    writeFileSync(file(checkpoints), serialize({ ...saved, seconds: 1000 }));
    return checkpoints;
  }

  it("goes on from it, and has run for all the time that it took", () => {
    expect(ok).toBe(true);
    const checkpoints = left();
    const outcome = run(lodo, checkpoints);
    expect(outcome).toMatchObject({ ok: true, result: expected.result });
    expect(outcome.seconds).toBeGreaterThan(1000);
    expect(outcome.seconds).toBeLessThan(1100);
  });

  it("writes none before it is due, and then one at a time", () => {
    const { folder } = everyStep();
    let [now, saves] = [0, 0];
    const clock = { ...jobClock(), seconds: () => now };
    const checkpoint = openCheckpoint({ folder, every: 120 }, keyOf(lodo), clock);
    for (; now < 600; now += 50) {
      checkpoint.save(() => {
        saves++;
        return { now };
      });
    }
    // At 150, 300 and 450 s.
    expect([saves, checkpoint.load(), readdirSync(folder).length]).toEqual([3, { now: 450 }, 1]);
    const later = openCheckpoint({ folder, every: 120 }, keyOf(lodo), clock);
    later.load();
    now = 500;
    later.save(() => expect.unreachable("50 s after the last one"));
  });

  it("runs off the clock while it is written", () => {
    const clock = jobClock();
    const checkpoint = openCheckpoint(everyStep(), keyOf(lodo), clock);
    const until = performance.now() + 300;
    checkpoint.save(() => {
      while (performance.now() < until);
      return {};
    });
    expect(clock.seconds()).toBeLessThan(0.25);
  });

  const refusals: readonly (readonly [string, (file: string) => void, string])[] = [
    ["one cut short", (file) => writeFileSync(file, readFileSync(file).subarray(0, 900)), "the file is cut short"],
    ["an empty one", (file) => writeFileSync(file, ""), "expected at least 8 bytes"],
    ["a picture", (file) => writeFileSync(file, "\u0089PNG\r\n and so on"), "not a safetensors file"],
    ["a tree that is no job", (file) => writeFileSync(file, serialize({ kind: "lodo-run" })), 'kind: Invalid input: expected "lodo-job"'],
    [
      "that of a later version",
      (file) => writeFileSync(file, readFileSync(file, "latin1").replace('"version":"1"', '"version":"2"'), "latin1"),
      "expected format version 1, the newest known here, found 2",
    ],
    [
      "that of another job",
      (there) => renameSync(file(left(adam)), there),
      `expected that of ${keyOf(lodo)}, found that of ${keyOf(adam)}`,
    ],
  ];
  it.each(refusals)("refuses %s, says what to do, and leaves it", (_, spoil, words) => {
    const checkpoints = left();
    const path = file(checkpoints);
    spoil(path);
    const before = readFileSync(path);
    const outcome = run(lodo, checkpoints);
    expect(outcome).toMatchObject({ ok: false, error: expect.stringContaining(words) });
    expect(outcome).toMatchObject({ error: expect.stringContaining(`${path} is no checkpoint that this job can go on from: `) });
    expect(outcome).toMatchObject({ error: expect.stringMatching(/; without the file the job begins anew$/) });
    expect(readFileSync(path)).toEqual(before);
  });

  it("refuses a state that is none of its own", () => {
    const checkpoints = left();
    const { state, ...saved } = deserialize(readFileSync(file(checkpoints))) as { readonly state: object };
    writeFileSync(file(checkpoints), serialize({ ...saved, state: { ...state, fixed: {} } }));
    expect(run(lodo, checkpoints)).toMatchObject({ ok: false, error: expect.stringContaining(": expected fixed to have permutations") });
  });
});

describe("the journal", () => {
  it("has no checkpoint left of the jobs in it, and those of the others", async () => {
    const checkpoints = everyStep();
    for (const assignment of assignments) runAssignment(assignment, experiments, () => {}, checkpoints);
    const names = (): readonly string[] => readdirSync(checkpoints.folder);
    expect(names()).toHaveLength(3);
    const journal = openJournal(join(folder, "some.jsonl"));
    const outcome: Outcome = { ok: true, result: { score: 1 }, seconds: 0 };
    journal.record(lodo, outcome);
    // Killed while it wrote.
    for (const name of names()) writeFileSync(join(checkpoints.folder, `${name}.partial`), "");
    const seen: number[] = [];
    const threads: JobThreads = {
      async run(asked, { onOutcome } = {}) {
        seen.push(names().length);
        const outcomes = asked.map((_, i): Outcome => (i === 0 ? outcome : { ok: false, error: "thrown", seconds: 0 }));
        for (const [i, each] of asked.entries()) onOutcome?.(each, outcomes[i] as Outcome);
        return outcomes;
      },
      close: async () => {},
    };
    await runJournaled(assignments, journal, { threads, checkpoints });
    journal.close();
    expect([seen, names().length]).toEqual([[4], 2]);
  });
});

describe("lodo reproduce, killed", () => {
  const command = (out: string, ...more: readonly string[]): string[] => ["reproduce", "figure-11", "--seeds", "1", "--out", out, ...more];
  const filesOf = (path: string): Record<string, string> => {
    const own = readdirSync(path).filter((name) => !["timings.json", "journal.jsonl"].includes(name));
    return Object.fromEntries(own.sort().map((name) => [name, readFileSync(join(path, name), "utf8")]));
  };
  const whole = fresh();
  beforeAll(async () => {
    // Worker threads run the build.
    expect(inject("buildFailure")).toBeNull();
    expect((await lodoHere(command(whole))).code).toBe(0);
  }, 120_000);

  const checkpointsIn = (path: string, ending = ".safetensors"): readonly string[] => {
    const at = join(path, "checkpoints");
    return existsSync(at) ? readdirSync(at).filter((name) => name.endsWith(ending)) : [];
  };

  /** What is left of work that was killed when there was a checkpoint, or while one was written. */
  async function killed(ending: string): Promise<string> {
    const path = fresh();
    // A job may end just before the kill.
    while (checkpointsIn(path, ending).length === 0) {
      const { process, outcome } = start(...command(path, "--workers", "2", "--checkpoint-seconds", "0", "--resume"));
      while (process.exitCode === null && checkpointsIn(path, ending).length === 0) await pause(1);
      process.kill("SIGKILL");
      expect((await outcome).signal).toBe("SIGKILL");
    }
    return path;
  }

  it.each([".safetensors", ".partial"])("goes on to the same bytes, and leaves no checkpoints (%s)", async (ending) => {
    const path = await killed(ending);
    expect((await lodoHere(command(path, "--resume"))).code).toBe(0);
    expect(filesOf(path)).toEqual(filesOf(whole));
  });

  it("goes on from checkpoints: one that is damaged fails its run, until it is removed", async () => {
    const path = await killed(".safetensors");
    const [name] = checkpointsIn(path) as [string];
    const file = join(path, "checkpoints", name);
    writeFileSync(file, "damaged");
    const { code, stderr } = await lodoHere(command(path, "--resume"));
    expect([code, stderr]).toEqual([1, expect.stringContaining(`${file} is no checkpoint that this job can go on from: `)]);
    expect(checkpointsIn(path)).toEqual([name]);
    rmSync(file);
    expect((await lodoHere(command(path, "--resume"))).code).toBe(0);
    expect(filesOf(path)).toEqual(filesOf(whole));
  });

  it("begins anew without --resume: what an earlier report has left of checkpoints is no more", async () => {
    const path = fresh();
    cpSync(whole, path, { recursive: true });
    mkdirSync(join(path, "checkpoints"));
    const foreign = join(path, "checkpoints", "foreign.safetensors");
    writeFileSync(foreign, "foreign");
    expect((await lodoHere(command(path))).code).toBe(0);
    expect([existsSync(foreign), filesOf(path)]).toEqual([false, filesOf(whole)]);
  });
});
