import { describe, expect, it } from "vitest";
import { rowOf } from "../src/experiments/row.ts";
import { tableBlocks } from "../src/report/tableBlocks.ts";
import { textTable } from "../src/report/textTable.ts";

const row = (name: string, column: string) => ({ ...rowOf([], name, column), mean: 1, n: 2 });

describe("the tables of a report", () => {
  it("are one for each column, with a line for each optimizer", () => {
    const rows = [row("lodo", "a"), row("adam", "a"), row("lodo", "b")];
    const blocks = tableBlocks(rows, ["–", "–", "odd"], [{ title: "time", cells: ["", "", "O(n)"] }]);
    expect(
      blocks.map(({ title, lineIs, compared, remarked, details, lines }) => [
        title,
        lineIs,
        compared,
        remarked,
        details,
        lines.map(({ label }) => label),
      ]),
    ).toEqual([
      ["a", "optimizer", false, false, [], ["lodo", "adam"]],
      ["b", "optimizer", false, true, ["time"], ["lodo"]],
    ]);
  });

  it("are one alone where there is one optimizer in several columns, with a line for each column", () => {
    const rows = [row("lodo", "N = 0"), row("lodo", "N = 4")];
    const details = [{ title: "layers", cells: ["0", ""] }];
    expect(tableBlocks(rows, ["–", "–"], details).map(({ title, lineIs, lines }) => [title, lineIs, lines])).toEqual([
      [
        "lodo",
        "column",
        [
          { label: "N = 0", row: rows[0], details: ["0"], remark: "–" },
          { label: "N = 4", row: rows[1], details: [""], remark: "–" },
        ],
      ],
    ]);
    const [head, ...body] = textTable(rows, ["–", "–"], details).split("\n");
    expect(head).toMatch(/^ {2}lodo +layers +ours +runs$/);
    expect(body).toEqual(["  N = 0  0       1.000  2", "  N = 4          1.000  2"]);
  });

  it("say what their columns are, where the names do not", () => {
    const rows = [row("lodo", "0.1"), row("adam", "0.1")];
    expect(tableBlocks(rows, [], [], "variance").map(({ title }) => title)).toEqual(["variance 0.1"]);
    expect(textTable(rows, ["–", "–"], [], "variance").split("\n")[0]).toMatch(/^ {2}variance 0\.1 +ours/);
    const alone = [row("lodo", "0.1"), row("lodo", "1")];
    expect(tableBlocks(alone, [], [], "variance").map(({ title }) => title)).toEqual(["lodo"]);
  });

  it("are of the column where there is one optimizer in one", () => {
    expect(tableBlocks([row("lodo", "a")], [], []).map(({ title, lineIs }) => [title, lineIs])).toEqual([["a", "optimizer"]]);
    expect(tableBlocks([], [], [])).toEqual([]);
  });
});
