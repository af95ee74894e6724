import type { Detail } from "../experiments/experiment.ts";
import type { Row } from "../experiments/row.ts";
import { groupBy } from "../groupBy.ts";

/** The rows of one of the paper's columns. */
export interface TableBlock {
  readonly column: string;
  /** Titles of the further columns in which there is something to show. */
  readonly details: readonly string[];
  /** Is there a number of the paper's, or a remark, to show? */
  readonly compared: boolean;
  /** `details` has a cell for each of the titles. */
  readonly lines: readonly { readonly row: Row; readonly details: readonly string[]; readonly remark: string }[];
}

/** Rows with their remarks and details, by column. */
export function tableBlocks(rows: readonly Row[], remarks: readonly string[], details: readonly Detail[]): readonly TableBlock[] {
  const lines = rows.map((row, i) => ({ row, at: i, remark: remarks[i] ?? "" }));
  return groupBy(lines, ({ row }) => row.column).map((block) => {
    const shown = details.filter(({ cells }) => block.some(({ at }) => (cells[at] ?? "") !== ""));
    return {
      column: block[0]?.row.column ?? "",
      details: shown.map(({ title }) => title),
      compared: block.some(({ row, remark }) => row.paper !== null || remark !== noRemark),
      lines: block.map(({ row, at, remark }) => ({ row, remark, details: shown.map(({ cells }) => cells[at] ?? "") })),
    };
  });
}

const noRemark = "–";
