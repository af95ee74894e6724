import type { Detail } from "../experiments/experiment.ts";
import type { Row } from "../experiments/row.ts";
import { formatEstimate } from "./format.ts";
import { tableBlocks } from "./tableBlocks.ts";

/** Rows as aligned text, a block for each of `tableBlocks`; `remarks` has a few words on each row, `details` has further columns. */
export function textTable(rows: readonly Row[], remarks: readonly string[], details: readonly Detail[], columnsAre = ""): string {
  return tableBlocks(rows, remarks, details, columnsAre)
    .map(({ title, details: titles, compared, remarked, lines }) => {
      const head = [title, ...titles, "ours", "runs", ...(compared ? ["paper"] : []), ...(remarked ? [""] : [])];
      const body = lines.map(({ label, row, details: cells, remark }) => [
        label,
        ...cells,
        formatEstimate(row),
        `${row.n + row.diverged}`,
        ...(compared ? [formatEstimate(row.paper)] : []),
        ...(remarked ? [remark] : []),
      ]);
      return align([head, ...body]);
    })
    .join("\n\n");
}

function align(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((cells) => cells[i]?.length ?? 0)));
  const padded = (cells: readonly string[]): string => cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ");
  return lines.map((cells) => `  ${padded(cells).trimEnd()}`).join("\n");
}
