import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { createRng } from "@lodo/tensor";
import { describe, expect, it } from "vitest";
import { checks } from "./equations/checks.ts";

/** A row of the table: | equation | what it says | [symbol](../file) | check | */
interface Row {
  readonly equation: string;
  readonly symbol: string;
  readonly file: string;
  readonly check: string;
}

const page = resolve("docs/equations.md");

function rows(): readonly Row[] {
  const row = /^\| (?<equation>[^|]+?) +\| [^|]+ \| \[`(?<symbol>[^`]+)`\]\((?<file>[^)]+)\) +\| `(?<check>[^`]+)` +\|$/;
  return tableLines().flatMap((line) => {
    const groups = row.exec(line)?.groups;
    return groups ? [groups as unknown as Row] : [];
  });
}

/** The lines of the page's tables, but for their heads. */
function tableLines(): readonly string[] {
  return readFileSync(page, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^\| (Equation|-+) /.test(line));
}

describe("docs/equations.md", () => {
  it("has a row for every check, and a check for every row", () => {
    expect(new Set(rows().map((r) => r.check))).toEqual(new Set(Object.keys(checks)));
  });

  it("leaves no line of its tables unread", () => {
    expect(rows()).toHaveLength(tableLines().length);
  });

  describe.each(rows())("$equation: $check", ({ symbol, file, check }) => {
    it("names a symbol that its file exports", async () => {
      const path = resolve("docs", file);
      expect(existsSync(path)).toBe(true);
      const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
      expect(Object.keys(module)).toContain(symbol);
    });

    it.each([1, 2, 3])("holds (seed %i)", (seed) => {
      (checks[check] as (typeof checks)[string])(createRng(seed));
    });
  });
});
