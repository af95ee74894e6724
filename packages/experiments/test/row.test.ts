import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agreement, agreementInWords, remarksOn } from "../src/experiments/agreement.ts";
import { type Row, rowOf, summarize, tabulate } from "../src/experiments/row.ts";

describe("summarize", () => {
  it("is the mean and the sample standard deviation", () => {
    // mean 4; deviations −2, 0, 2; (4 + 0 + 4)/(3 − 1) = 4
    expect(summarize([2, 4, 6])).toEqual({ mean: 4, std: 2 });
    // mean 1.5; (0.25 + 0.25)/1
    expect(summarize([1, 2])).toEqual({ mean: 1.5, std: Math.sqrt(0.5) });
  });

  it("has no deviation for one value and nothing for none", () => {
    expect(summarize([0.1])).toEqual({ mean: 0.1, std: null });
    expect(summarize([])).toEqual({ mean: null, std: null });
  });

  it("gives equal numbers their own mean to the bit, and no deviation", () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(finite, fc.integer({ min: 2, max: 12 }), (x, n) => {
        expect(summarize(Array.from({ length: n }, () => x))).toEqual({ mean: x + 0, std: 0 });
      }),
    );
  });
});

describe("tabulate", () => {
  const scored = [
    { name: "lodo", column: "a", score: 1 },
    { name: "adam", column: "a", score: 7 },
    { name: "lodo", column: "b", score: null },
    { name: "lodo", column: "a", score: 3 },
    { name: "lodo", column: "a", score: null },
  ];
  const paper = { mean: 2.5, std: 0.5 };
  const rows = tabulate(scored, (name, column) => (name === "lodo" && column === "a" ? paper : null));

  it("makes a row of each name and column, and counts diverged runs without averaging them", () => {
    expect(rows).toEqual([
      { name: "lodo", column: "a", mean: 2, std: Math.sqrt(2), n: 2, diverged: 1, paper },
      { name: "adam", column: "a", mean: 7, std: null, n: 1, diverged: 0, paper: null },
      { name: "lodo", column: "b", mean: null, std: null, n: 0, diverged: 1, paper: null },
    ]);
  });

  it("finds a row, and an empty one where there is none", () => {
    expect(rowOf(rows, "adam", "a").mean).toBe(7);
    expect(rowOf(rows, "adam", "b")).toEqual({ name: "adam", column: "b", mean: null, std: null, n: 0, diverged: 0, paper: null });
  });
});

describe("agreement", () => {
  const row = (over: Partial<Row>): Row => ({
    name: "lodo",
    column: "a",
    mean: 1.1,
    std: 0.2,
    n: 4,
    diverged: 0,
    paper: { mean: 1, std: null },
    ...over,
  });

  it("is in standard errors of the difference, with the paper's deviation over its 8 seeds", () => {
    // 0.1 / (0.2/√4) = 1
    expect(agreement(row({}))?.standardErrors).toBeCloseTo(1, 12);
    // √(0.2²/4 + 0.4²/8) = √0.03
    expect(agreement(row({ paper: { mean: 1, std: 0.4 } }))?.standardErrors).toBeCloseTo(0.1 / Math.sqrt(0.03), 12);
    // A single seed deviates as the paper's do: √(0.4²/1 + 0.4²/8) = √0.18
    expect(agreement(row({ std: null, n: 1, paper: { mean: 1, std: 0.4 } }))?.standardErrors).toBeCloseTo(0.1 / Math.sqrt(0.18), 12);
  });

  it("has a relative difference with a sign", () => {
    expect(agreement(row({}))?.relative).toBeCloseTo(0.1, 12);
    expect(agreement(row({ mean: 0.5, paper: { mean: -1, std: null } }))?.relative).toBeCloseTo(1.5, 12);
  });

  it.each([
    [row({}), "10% above the paper's, 1.0 standard errors"],
    [row({ std: 0, mean: 0.5 }), "50% below the paper's"],
    [row({ std: 0, mean: 1.00001 }), "equal to the paper's to four digits"],
    [row({ std: 0, mean: 3 }), "3 times the paper's"],
    [row({ diverged: 2, std: 0, mean: 0.5 }), "2 of 6 runs diverged; 50% below the paper's"],
    [row({ mean: null, n: 0, diverged: 3 }), "every run diverged"],
    [row({ mean: null, n: 0 }), "no run finished"],
    [row({ paper: null }), "–"],
    [row({ paper: null, diverged: 1 }), "1 of 5 runs diverged"],
  ])("says %o in words", (given, words) => {
    expect(agreementInWords(given)).toBe(words);
  });

  it("is followed by the experiment's own words, or gives way to them where there is nothing to say", () => {
    const remark = ({ name }: Row, { length }: readonly unknown[]): string | null => (name === "lodo" ? `why, of ${length}` : null);
    const rows = [row({}), row({ paper: null }), row({ name: "adam", paper: null })];
    expect(remarksOn({ remark }, rows, [])).toEqual(["10% above the paper's, 1.0 standard errors; why, of 0", "why, of 0", "–"]);
  });

  it("is nothing where there is nothing to compare", () => {
    expect(agreement(row({ paper: null }))).toBeNull();
    expect(agreement(row({ mean: null }))).toBeNull();
  });
});
