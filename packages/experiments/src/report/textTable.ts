import { agreementInWords } from "../experiments/agreement.ts";
import type { Row } from "../experiments/row.ts";
import { groupBy } from "../groupBy.ts";
import { formatEstimate } from "./format.ts";

/** Rows as aligned text, a block for each column of the paper's table. */
export function textTable(rows: readonly Row[]): string {
  return groupBy(rows, ({ column }) => column)
    .map((block) => {
      const head = [block[0]?.column ?? "", "ours", "runs", "paper", ""];
      const body = block.map((row) => [
        row.name,
        formatEstimate(row),
        `${row.n + row.diverged}`,
        formatEstimate(row.paper),
        agreementInWords(row),
      ]);
      return align([head, ...body]);
    })
    .join("\n\n");
}

function align(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((cells) => cells[i]?.length ?? 0)));
  return lines
    .map(
      (cells) =>
        `  ${cells
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join("  ")
          .trimEnd()}`,
    )
    .join("\n");
}
