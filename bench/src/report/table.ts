import type { Row } from "../contest.ts";
import type { Seconds } from "../statistics.ts";

const HEADER = ["workload", "contender", "rate", "time [fastest, slowest]", "with copies", "time ÷ ours"];

/** Seconds in a unit in which it is neither tiny nor huge. */
export function duration(seconds: number): string {
  if (seconds >= 1) return `${seconds.toPrecision(3)} s`;
  if (seconds >= 1e-3) return `${(seconds * 1e3).toPrecision(3)} ms`;
  return seconds >= 1e-6 ? `${(seconds * 1e6).toPrecision(3)} µs` : `${(seconds * 1e9).toPrecision(3)} ns`;
}

const rounded = (x: number): string => (x >= 1000 ? String(Math.round(x)) : x.toPrecision(3));

const spread = ({ median, min, max }: Seconds): string => `${duration(median)} [${duration(min)}, ${duration(max)}]`;

/** What stands in the columns after the workload's name. */
export function cells({ contender, unit, rate, seconds, withCopies, ratio, trouble, compared }: Row): readonly string[] {
  if (!seconds) return [contender, trouble ?? (compared ? "agrees" : "runs"), "", "", ""];
  return [
    contender,
    `${rounded(rate as number)} ${unit}`,
    spread(seconds),
    withCopies ? duration(withCopies.median) : "–",
    ratio === undefined ? "–" : ratio.toFixed(2),
  ];
}

/** For a terminal. */
export function textTable(rows: readonly Row[]): string {
  const all = [HEADER, ...rows.map((row) => [row.workload, ...cells(row)])];
  // What went wrong may be longer than any number.
  const measured = all.filter((_, i) => i === 0 || rows[i - 1]?.seconds);
  const widths = HEADER.map((_, i) => Math.max(...(i < 2 ? all : measured).map((row) => (row[i] as string).length)));
  return all
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] as number))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

export const escaped = (cell: string): string => cell.replaceAll("|", "\\|");

/** For a page: a table for each workload. */
export function markdownTables(rows: readonly Row[]): string {
  const workloads = [...new Set(rows.map(({ workload }) => workload))];
  return workloads
    .map((workload) => {
      const lines = rows.filter((row) => row.workload === workload).map((row) => `| ${cells(row).map(escaped).join(" | ")} |`);
      return [`**${workload}**`, "", `| ${HEADER.slice(1).join(" | ")} |`, "| --- | ---: | ---: | ---: | ---: |", ...lines].join("\n");
    })
    .join("\n\n");
}
