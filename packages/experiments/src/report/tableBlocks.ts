import type { Row } from "../experiments/row.ts";
import { groupBy } from "../groupBy.ts";

/** The rows of one of the paper's columns. */
export interface TableBlock {
  readonly column: string;
  /** Is there a number of the paper's, or a remark, to show? */
  readonly compared: boolean;
  readonly lines: readonly { readonly row: Row; readonly remark: string }[];
}

/** Rows with their remarks, by column. */
export function tableBlocks(rows: readonly Row[], remarks: readonly string[]): readonly TableBlock[] {
  const lines = rows.map((row, i) => ({ row, remark: remarks[i] ?? "" }));
  return groupBy(lines, ({ row }) => row.column).map((block) => ({
    column: block[0]?.row.column ?? "",
    compared: block.some(({ row, remark }) => row.paper !== null || remark !== noRemark),
    lines: block,
  }));
}

const noRemark = "–";
