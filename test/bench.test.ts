import { describe, expect, it } from "vitest";
import { disagreement, distance } from "../bench/src/agreement.ts";
import { contest, type Row } from "../bench/src/contest.ts";
import { machine } from "../bench/src/report/machine.ts";
import { withTables } from "../bench/src/report/page.ts";
import { markdownTables, textTable } from "../bench/src/report/table.ts";
import { summary } from "../bench/src/statistics.ts";
import type { Contender, Workload } from "../bench/src/workload.ts";
import { entries } from "../bench/src/workloads/index.ts";

const families = [...new Map(entries.map((entry) => [entry.family, entry])).values()];

describe("every kind of workload, at a size that takes a moment", () => {
  it.each(families.map((entry) => [entry.name, entry] as const))("%s: all contenders run and agree", async (name, entry) => {
    const rows = await contest(await entry.open("quick"), null);
    expect(rows.map(({ trouble }) => trouble).filter(Boolean)).toEqual([]);
    expect(rows.length).toBeGreaterThan(1);
    for (const row of rows) {
      expect(row.workload).toBe(name);
      expect(row.compared).toBe(!name.startsWith("methods"));
      expect(row.seconds).toBeUndefined();
    }
  });

  it("has a name for each", () => {
    expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
  });
});

describe("a contest", () => {
  const gives = (name: string, result: readonly number[]): Contender => ({ name, run: () => {}, result: () => result });
  const among = (...contenders: Workload["contenders"]): Workload => ({
    name: "sum",
    work: 2,
    unit: "FLOP/s",
    tolerance: 1e-3,
    contenders,
  });
  const brief = { rounds: 3, secondsPerRound: 1e-4, clock: "wall" } as const;

  it("times those who agree, in turns, and says what is wrong with the others", async () => {
    const calls: string[] = [];
    const closed: string[] = [];
    const timed = (name: string): Contender => ({
      ...gives(name, [3, 4]),
      run: () => calls.push(name),
      prepare: () => calls.push(`before ${name}`),
      close: () => closed.push(name),
    });
    const fails: Contender = { name: "breaks", run: () => Promise.reject(new Error("out of memory\n  at x")) };
    const rows = await contest(
      among(timed("a"), { name: "absent", reason: "no such module" }, gives("wrong", [3, 4.1]), gives("short", [3]), fails, timed("b")),
      brief,
    );
    expect(rows.map(({ contender, trouble, wrong }) => [contender, trouble, wrong === true])).toEqual([
      ["a", undefined, false],
      ["absent", "no such module", false],
      ["wrong", "disagrees: off by 2.0e-2, tolerance 1.0e-3", true],
      ["short", "disagrees: off by Infinity, tolerance 1.0e-3", true],
      ["breaks", "fails: out of memory", false],
      ["b", undefined, false],
    ]);
    for (const row of rows) expect(row.seconds === undefined).toBe(row.trouble !== undefined);
    expect(rows[0]?.ratio).toBe(1);
    expect(rows[5]?.seconds?.rounds).toBe(3);
    expect(closed).toEqual(["a", "b"]);
    // The rounds, at the end: a and b take turns.
    const turns = calls.filter((call) => call.startsWith("before")).slice(-6);
    expect(turns).toEqual(["before a", "before b", "before a", "before b", "before a", "before b"]);
  });

  it("is told in a table, for a terminal and for a page", async () => {
    const rows = await contest(among(gives("a", [1]), { name: "b", reason: "not | installed" }), brief);
    expect(textTable(rows)).toMatch(/^workload +contender.*\nsum +a .* FLOP\/s .*\nsum +b +not \| installed$/);
    expect(markdownTables(rows)).toContain("| b | not \\| installed |");
  });
});

describe("the page", () => {
  const row = (contender: string, peer: boolean, median: number): Row => ({
    workload: "w",
    contender,
    peer,
    unit: "/s",
    compared: true,
    seconds: { median, min: median, max: median, rounds: 5 },
    rate: 1 / median,
    ratio: median / 0.002,
  });
  const measurements = {
    machine: machine("wall"),
    rows: [row("ours", false, 0.002), row("slowest", true, 0.009), row("slow", true, 0.005)],
  };

  it("has its tables between their marks, with ours against the fastest peer, and what stands around them stays", () => {
    const page = withTables("# Speed\n<!-- tables -->\nold\n<!-- end of tables -->\nend\n", measurements);
    expect(page).toMatch(/^# Speed\n<!-- tables -->\n\n.*wall time\.\n\n### Standings/);
    expect(page).toContain("| w | 2.00 ms | slow | 5.00 ms | 2.50 |");
    expect(page).not.toContain("old");
    expect(page.endsWith("<!-- end of tables -->\nend\n")).toBe(true);
    expect(withTables(page, measurements)).toBe(page);
    expect(() => withTables("# Speed", measurements)).toThrow("the page must have <!-- tables -->");
  });
});

describe("agreement", () => {
  it("is measured relative to ours, and never with what is no number", () => {
    expect(distance([3, 4], [3, 4])).toBe(0);
    expect(distance([3, 4], [3, 9])).toBe(1);
    expect(distance([0], [1])).toBe(Number.POSITIVE_INFINITY);
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(disagreement([1], [wrong], 1)).toContain("disagrees");
      expect(disagreement([wrong], [1], 1)).toContain("disagrees");
      expect(disagreement([wrong], [wrong], 1)).toContain("disagrees");
    }
    expect(disagreement([1, 2], [1, 2], 0)).toBeNull();
    expect(disagreement([], [], 0)).toBe("nothing to compare");
  });
});

describe("the summary of rounds", () => {
  it("is their median, and the fastest and slowest", () => {
    expect(summary([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3, rounds: 3 });
    expect(summary([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4, rounds: 4 });
  });
});
