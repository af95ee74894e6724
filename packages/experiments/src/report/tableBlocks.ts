import { nothingToSay } from "../experiments/agreement.ts";
import type { Detail } from "../experiments/experiment.ts";
import type { Row } from "../experiments/row.ts";
import { groupBy } from "../groupBy.ts";

/** A table by itself: the rows of one of the paper's columns, a line for each optimizer; or those of one optimizer, a line for each column. */
export interface TableBlock {
  /** The column, or the optimizer. */
  readonly title: string;
  readonly lineIs: "optimizer" | "column";
  /** Titles of the further columns in which there is something to show. */
  readonly details: readonly string[];
  /** Is there a number of the paper's to show? */
  readonly compared: boolean;
  /** Is there a remark? */
  readonly remarked: boolean;
  readonly lines: readonly TableLine[];
}

export interface TableLine {
  /** The optimizer, or the column. */
  readonly label: string;
  readonly row: Row;
  /** A cell for each of the block's titles. */
  readonly details: readonly string[];
  readonly remark: string;
}

/** Rows with their remarks and details, by column; by optimizer where there is one alone, in several columns. `columnsAre` goes before a column's name. */
export function tableBlocks(
  rows: readonly Row[],
  remarks: readonly string[],
  details: readonly Detail[],
  columnsAre = "",
): readonly TableBlock[] {
  const [names, columns] = [new Set(rows.map(({ name }) => name)), new Set(rows.map(({ column }) => column))];
  const lineIs = names.size === 1 && columns.size > 1 ? "column" : "optimizer";
  const titleOf = ({ name, column }: Row): string => (lineIs === "optimizer" ? column : name);
  const labelOf = ({ name, column }: Row): string => (lineIs === "optimizer" ? name : column);
  const lines = rows.map((row, i) => ({ row, at: i, remark: remarks[i] ?? "" }));
  return groupBy(lines, ({ row }) => titleOf(row)).map((block) => {
    const shown = details.filter(({ cells }) => block.some(({ at }) => (cells[at] ?? "") !== ""));
    return {
      title: block[0] ? [lineIs === "optimizer" ? columnsAre : "", titleOf(block[0].row)].join(" ").trim() : "",
      lineIs,
      details: shown.map(({ title }) => title),
      compared: block.some(({ row }) => row.paper !== null),
      remarked: block.some(({ remark }) => remark !== nothingToSay),
      lines: block.map(({ row, at, remark }) => ({
        label: labelOf(row),
        row,
        remark,
        details: shown.map(({ cells }) => cells[at] ?? ""),
      })),
    };
  });
}
