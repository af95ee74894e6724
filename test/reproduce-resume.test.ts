import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { main } from "../packages/experiments/src/cli/main.ts";
import { lodoHere, start } from "./lodo.ts";

const folder = mkdtempSync(join(tmpdir(), "lodo-reproduce-resume-"));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
const fresh = (): string => join(folder, `${count++}`);
const command = (out: string, ...more: readonly string[]): string[] => ["reproduce", "figure-11", "--seeds", "1", "--out", out, ...more];

/** The files of a report whose bytes the experiment decides: neither how long things took nor in what order jobs ended. */
function filesOf(path: string): ReadonlyMap<string, string> {
  const own = readdirSync(path).filter((name) => !["timings.json", "journal.jsonl"].includes(name));
  return new Map(own.sort().map((name) => [name, readFileSync(join(path, name), "utf8")]));
}

const journaled = (path: string): number => {
  const file = join(path, "journal.jsonl");
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 1 : 0;
};

const whole = fresh();
let expected: ReadonlyMap<string, string>;
beforeAll(async () => {
  // Worker threads run the build.
  expect(inject("buildFailure")).toBeNull();
  expect((await lodoHere(command(whole))).code).toBe(0);
  expected = filesOf(whole);
  expect([...expected.keys()]).toContain("table-8.runs.json");
}, 120_000);

/** Work on the same that was cut off when its journal had so many bytes. */
function cutOff(bytes: number): string {
  const path = fresh();
  mkdirSync(path);
  const { ids, preset, seeds, environment } = JSON.parse(readFileSync(join(whole, "reproduction.json"), "utf8"));
  writeFileSync(join(path, "unfinished.json"), JSON.stringify({ ids, preset, seeds, environment }));
  writeFileSync(join(path, "journal.jsonl"), readFileSync(join(whole, "journal.jsonl")).subarray(0, bytes));
  return path;
}

describe("lodo reproduce --resume", () => {
  it("keeps what there is, does the rest, and comes to the same bytes, wherever the journal was cut off", async () => {
    const length = readFileSync(join(whole, "journal.jsonl")).length;
    for (const bytes of [1, Math.floor(length / 2), length - 1]) {
      const path = cutOff(bytes);
      const kept = journaled(path);
      const { code } = await lodoHere(command(path, "--resume"));
      expect([bytes, code, filesOf(path)]).toEqual([bytes, 0, expected]);
      // No job was run twice: the lines that there were have stayed.
      expect(journaled(path)).toBe(journaled(whole));
      const lines = readFileSync(join(whole, "journal.jsonl"), "utf8").split("\n");
      expect(readFileSync(join(path, "journal.jsonl"), "utf8").split("\n").slice(0, kept)).toEqual(lines.slice(0, kept));
    }
  });

  it("goes on after an interruption, which says how", async () => {
    const path = fresh();
    let said = "";
    const code = await main(command(path), {
      stdout: { write: () => expect.unreachable("nothing has come of it") },
      stderr: {
        write(text) {
          said += text;
        },
      },
      onInterrupt(stop) {
        const timer = setInterval(() => journaled(path) > 2 && stop("SIGINT"), 1);
        return () => clearInterval(timer);
      },
    });
    expect([code, said]).toEqual([
      1,
      expect.stringMatching(/interrupted after \d+ of \d+ runs; the same command with --resume goes on\n$/),
    ]);
    expect(existsSync(join(path, "report.html"))).toBe(false);
    expect((await lodoHere(command(path, "--resume"))).code).toBe(0);
    expect(filesOf(path)).toEqual(expected);
  });

  it("takes the results that there are from the journal", async () => {
    const path = cutOff(readFileSync(join(whole, "journal.jsonl")).length);
    const journal = join(path, "journal.jsonl");
    writeFileSync(journal, readFileSync(journal, "utf8").replaceAll(/"score":[\d.e-]+/g, '"score":12345'));
    expect((await lodoHere(command(path, "--resume"))).code).toBe(0);
    const { rows } = JSON.parse(readFileSync(join(path, "table-8.json"), "utf8")) as {
      readonly rows: readonly { readonly mean: number }[];
    };
    expect(new Set(rows.map(({ mean }) => mean))).toEqual(new Set([12345]));
  });

  it("begins where there is nothing, and has nothing to do where all is done", async () => {
    const path = fresh();
    expect((await lodoHere(command(path, "--resume"))).code).toBe(0);
    expect(filesOf(path)).toEqual(expected);
    const before = readFileSync(join(path, "journal.jsonl"), "utf8");
    expect((await lodoHere(command(path, "--resume"))).code).toBe(0);
    expect([filesOf(path), readFileSync(join(path, "journal.jsonl"), "utf8")]).toEqual([expected, before]);
  });

  it("is not assumed: without it an earlier report is computed anew", async () => {
    const path = fresh();
    cpSync(whole, path, { recursive: true });
    writeFileSync(join(path, "journal.jsonl"), "nonsense\n");
    expect((await lodoHere(command(path))).code).toBe(0);
    expect([filesOf(path), journaled(path)]).toEqual([expected, journaled(whole)]);
  });

  it("says so if the work was begun elsewhere", async () => {
    const path = cutOff(0);
    const file = join(path, "unfinished.json");
    writeFileSync(file, readFileSync(file, "utf8").replace(/"node":"[^"]+"/, '"node":"19.0.0"'));
    const { code, stderr } = await lodoHere(command(path, "--resume"));
    expect([code, stderr]).toEqual([0, expect.stringContaining("begun elsewhere (lodo 0.1.0, node 19.0.0")]);
  });

  describe("refuses", () => {
    const damaged = (name: string, text: string): string => {
      const path = cutOff(0);
      writeFileSync(join(path, name), text);
      return path;
    };
    it.each([
      ["unfinished work that nobody asks it to go on with", () => command(cutOff(0)), "add --resume"],
      ["other seeds", () => [...command(cutOff(0), "--resume"), "--seeds", "2"], "work on figure-11 (quick, 2 seeds) in"],
      ["another preset", () => command(cutOff(0), "--resume", "--preset", "paper"), "work on figure-11 (paper, 1 seed) in"],
      [
        "other seeds than a finished report has",
        () => [...command(whole, "--resume"), "--seeds", "2"],
        "found that on figure-11 (quick, 1 seed)",
      ],
      ["a journal of something else", () => command(damaged("journal.jsonl", "{}\n"), "--resume"), "line 1 of"],
      ["a plan that is none", () => command(damaged("unfinished.json", "{}"), "--resume"), "does not hold what it should"],
      [
        "a folder that a process is working in",
        () => command(damaged(".lock", JSON.stringify({ pid: process.ppid, hostname: "elsewhere", began: 0 })), "--resume"),
        "to be written to by nobody",
      ],
    ] as const)("%s", async (_, args, words) => {
      const { code, stdout, stderr } = await lodoHere(args());
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toContain(words);
      expect(stderr).not.toMatch(/\n\s+at /);
    });
  });

  it.runIf(process.env["LODO_FULL"])("comes to the same bytes after being killed again and again", { timeout: 600_000 }, async () => {
    const path = fresh();
    // From before its first breath to well into its jobs; then as often as it takes, so that all the kills hit one reproduction.
    for (let attempt = 0; attempt < 12; attempt++) {
      const { process: child, outcome } = start(...command(path, "--resume"));
      const timer = setTimeout(() => child.kill("SIGKILL"), 150 * (attempt + 1));
      const { code, signal } = await outcome;
      clearTimeout(timer);
      if (signal === null) expect(code).toBe(0);
    }
    expect((await start(...command(path, "--resume")).outcome).code).toBe(0);
    expect(filesOf(path)).toEqual(expected);
  });
});

describe("lodo reproduce --shard", () => {
  const shards: readonly string[] = [fresh(), fresh(), fresh()];
  const jobs = (): number => journaled(whole);

  it("runs its shard of the jobs and makes no report; what was interrupted goes on", async () => {
    for (const [i, path] of shards.entries()) {
      const { code, stdout } = await lodoHere(command(path, "--shard", `${i + 1}/3`));
      const own = journaled(path);
      expect([code, stdout]).toEqual([0, expect.stringContaining(`shard ${i + 1}/3: ${own} of ${jobs()} runs, kept in ${path}\n`)]);
      expect(Math.abs(own - jobs() / 3)).toBeLessThan(1);
      expect(readdirSync(path).sort()).toEqual(["journal.jsonl", "unfinished.json"]);
    }
    const first = shards[0] as string;
    const journal = readFileSync(join(first, "journal.jsonl"), "utf8");
    writeFileSync(join(first, "journal.jsonl"), journal.slice(0, journal.length / 2));
    const { code, stdout, stderr } = await lodoHere(command(first, "--shard", "1/3", "--resume", "--json"));
    const own = journaled(first);
    expect([code, JSON.parse(stdout), stderr]).toEqual([0, { shard: { part: 1, of: 3 }, jobs: jobs(), own, failures: [], out: first }, ""]);
    expect(readFileSync(join(first, "journal.jsonl"), "utf8").split("\n")).toHaveLength(journal.split("\n").length);
  });

  it("--join makes of all shards the bytes of one go, and runs nothing again", async () => {
    const path = fresh();
    const { code, stderr } = await lodoHere(command(path, "--join", ...shards));
    expect([code, stderr, filesOf(path)]).toEqual([0, "", expected]);
    const lines = shards.flatMap((shard) => readFileSync(join(shard, "journal.jsonl"), "utf8").trimEnd().split("\n"));
    expect(readFileSync(join(path, "journal.jsonl"), "utf8").trimEnd().split("\n")).toEqual(lines);
  });

  it("--join runs what no folder has, takes what two have once, and may go on itself", async () => {
    const [first, second] = shards as [string, string];
    const path = fresh();
    expect((await lodoHere(command(path, "--shard", "1/3"))).code).toBe(0);
    expect((await lodoHere(command(path, "--resume", "--join", first, second))).code).toBe(0);
    expect([filesOf(path), journaled(path)]).toEqual([expected, jobs()]);
  });

  it("runs nothing that other folders have, where they are joined", async () => {
    const path = fresh();
    const { code, stdout } = await lodoHere(command(path, "--shard", "1/2", "--join", ...shards));
    expect([code, stdout]).toEqual([0, expect.stringContaining("shard 1/2: 11 of 22 runs")]);
    const lines = shards.flatMap((shard) => readFileSync(join(shard, "journal.jsonl"), "utf8").trimEnd().split("\n"));
    expect(readFileSync(join(path, "journal.jsonl"), "utf8").trimEnd().split("\n")).toEqual(lines);
  });

  it("--join says what was computed elsewhere", async () => {
    const path = fresh();
    cpSync(shards[0] as string, path, { recursive: true });
    const file = join(path, "unfinished.json");
    writeFileSync(file, readFileSync(file, "utf8").replace(/"node":\s*"[^"]+"/, '"node":"19.0.0"'));
    const { code, stderr } = await lodoHere(command(fresh(), "--join", path, shards[1] as string));
    expect([code, stderr]).toEqual([0, expect.stringContaining(`note: what ${path} has was begun elsewhere (lodo 0.1.0, node 19.0.0`)]);
    expect(stderr.match(/note:/g)).toHaveLength(1);
  });

  it.each([
    ["a shard that is none", () => command(fresh(), "--shard", "4/3"), 2, 'Expected a shard, 1/n to n/n for n of at most 99999, got "4/3"'],
    ["a shard by the clock", () => ["reproduce", "table-1", "--seconds", "1", "--shard", "1/2"], 2, "cannot be used with"],
    ["a folder that is not there", () => command(fresh(), "--join", join(folder, "nowhere")), 1, "nowhere, found no such folder"],
    ["a folder of other work", () => [...command(fresh(), "--join", whole), "--seeds", "2"], 1, `found that on figure-11 (quick, 1 seed)`],
    ["a file", () => command(fresh(), "--join", join(whole, "report.html")), 1, "report.html, found a file"],
    ["an empty folder", () => command(fresh(), "--join", emptied()), 1, "found no journal.jsonl"],
  ] as const)("refuses %s, and writes nothing", async (_, words, exit, said) => {
    const args = words();
    const { code, stdout, stderr } = await lodoHere(args);
    expect([code, stdout, stderr]).toEqual([exit, "", expect.stringContaining(said)]);
    const out = args[args.indexOf("--out") + 1];
    if (args.includes("--out")) expect(existsSync(`${out}`)).toBe(false);
  });

  function emptied(): string {
    const path = fresh();
    mkdirSync(path);
    return path;
  }
});
