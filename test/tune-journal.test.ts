import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, inject, it } from "vitest";
import { experiments } from "../packages/experiments/src/experiments/index.ts";
import type { Assignment, Outcome } from "../packages/experiments/src/pool/jobs.ts";
import { JournalError, openJournal, runJournaled } from "../packages/experiments/src/pool/journal.ts";
import type { JobThreads } from "../packages/experiments/src/pool/runJobs.ts";

const folder = mkdtempSync(join(tmpdir(), "lodo-journal-"));
afterAll(() => rmSync(folder, { recursive: true }));

const assignments: readonly Assignment[] = (experiments.find(({ id }) => id === "table-8")?.jobs({ steps: 40, seeds: 1 }) ?? [])
  .slice(0, 5)
  .map((job) => ({ experiment: "table-8", job }));

/** Runs all with a journal in this file; which of them it had to run, their results, and what progress ended at. */
async function runWith(path: string, all = assignments) {
  expect(inject("buildFailure")).toBeNull();
  const journal = openJournal(path);
  const ran: string[] = [];
  let evaluations = 0;
  try {
    const outcomes = await runJournaled(all, journal, {
      workers: 2,
      onOutcome: ({ job }) => void ran.push(job.name),
      onProgress: (done) => {
        evaluations = done;
      },
    });
    return { ran: ran.sort(), results: outcomes.map((outcome) => (outcome.ok ? outcome.result : outcome.error)), evaluations };
  } finally {
    journal.close();
  }
}

describe("a journal of jobs", () => {
  const path = join(folder, "whole.jsonl");
  const names = assignments.map(({ job }) => job.name).sort();

  it("has every finished job run once, and gives what running them gave", async () => {
    const first = await runWith(path);
    expect(first.ran).toEqual(names);
    const second = await runWith(path);
    expect(second).toEqual({ ran: [], results: first.results, evaluations: 5 * 40 });
  });

  it("goes on after whatever was cut off, byte by byte", async () => {
    const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
    const { results } = await runWith(path);
    for (const [i, cut] of [1, (lines[2] as string).length].entries()) {
      const torn = join(folder, `torn-${i}.jsonl`);
      writeFileSync(torn, `${lines.slice(0, 2).join("\n")}\n${(lines[2] as string).slice(0, cut)}`);
      const { ran, results: after } = await runWith(torn);
      expect(ran).toHaveLength(3);
      expect(after).toEqual(results);
      const written = readFileSync(torn, "utf8").split("\n").slice(0, -1);
      expect(written).toHaveLength(5);
      for (const line of written) expect(() => JSON.parse(line)).not.toThrow();
    }
  });

  it("takes a job that differs in anything for another", async () => {
    const changed = assignments.map(({ experiment, job }, i) => ({ experiment, job: i === 3 ? { ...job, seed: 7 } : job }));
    expect((await runWith(path, changed)).ran).toEqual([assignments[3]?.job.name]);
    const journal = openJournal(path);
    const { job } = assignments[0] as Assignment;
    expect(["table-8", "table-1"].map((experiment) => journal.outcomeOf({ experiment, job }) !== undefined)).toEqual([true, false]);
    journal.close();
  });

  it("runs what it lacks alone, and counts what it has as done", async () => {
    const file = join(folder, "half.jsonl");
    const outcome: Outcome = { ok: true, result: { score: 1 }, seconds: 0 };
    const [first, last] = [assignments.slice(0, 2), assignments.slice(2)];
    const before = openJournal(file);
    for (const assignment of first) before.record(assignment, outcome);
    before.close();
    const journal = openJournal(file);
    const [ran, done]: [Assignment[], number[][]] = [[], []];
    const threads: JobThreads = {
      async run(asked, { onProgress, onOutcome } = {}) {
        ran.push(...asked);
        onProgress?.(15, 5);
        for (const assignment of asked) onOutcome?.(assignment, outcome);
        return asked.map(() => outcome);
      },
      close: async () => {},
    };
    expect(await runJournaled(assignments, journal, { threads, onProgress: (...work) => void done.push(work) })).toEqual(
      assignments.map(() => outcome),
    );
    journal.close();
    expect([ran, done]).toEqual([
      last,
      [
        [2 * 40, 2 * 40],
        [2 * 40 + 15, 2 * 40 + 5],
      ],
    ]);
    expect(readFileSync(file, "utf8").split("\n")).toHaveLength(5 + 1);
  });

  it("keeps no job that threw: it gets another try", async () => {
    const broken = [{ experiment: "table-99", job: (assignments[0] as Assignment).job }];
    const file = join(folder, "broken.jsonl");
    for (let i = 0; i < 2; i++) expect(await runWith(file, broken)).toMatchObject({ ran: ["lodo"], results: ['no experiment "table-99"'] });
    expect(readFileSync(file, "utf8")).toBe("");
  });

  it("says which line is none", async () => {
    const file = join(folder, "bad.jsonl");
    writeFileSync(file, readFileSync(path));
    truncateSync(file, 300);
    appendFileSync(file, "\n");
    expect(() => openJournal(file)).toThrow(JournalError);
    expect(() => openJournal(file)).toThrow(`in line 1 of ${file}`);
    expect(() => openJournal(join(folder, "none", "such.jsonl"))).toThrow(/cannot write .*none/);
  });
});
