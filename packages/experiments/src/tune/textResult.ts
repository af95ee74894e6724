import { join } from "node:path";
import { formatEstimate, formatNumber } from "../report/format.ts";
import { searchFiles } from "./folder.ts";
import { type SearchResult, seedsOf } from "./result.ts";

/** Four significant digits, of its distance from 1 where a decay is near that: `1.234`, `0.00005`, `0.9999643`. */
export const formatValue = (value: number): string =>
  `${value > 0.9 && value < 1 ? Number((1 - Number((1 - value).toPrecision(4))).toFixed(15)) : Number(value.toPrecision(4))}`;

/** `learningRate = 1.234, b1 = 0.5678` */
export const describeValues = (values: Readonly<Record<string, number | string>>): string =>
  Object.entries(values)
    .map(([key, value]) => `${key} = ${typeof value === "number" ? formatValue(value) : value}`)
    .join(", ");

/** A search for the terminal: each generation's best, the values found, and how they compare. */
export function describeSearch(
  { configuration, generations, tuned, comparison, provenance }: SearchResult,
  out: string,
  saved: string | null,
): string {
  const width = `${generations.length}`.length;
  const lines = generations.map(({ deviation, steps, individuals }, g) => {
    const scores = individuals.flatMap(({ score }) => (score === null ? [] : [score])).sort((a, b) => a - b);
    const best =
      scores[0] === undefined
        ? "every run diverged"
        : `best ${formatNumber(scores[0])}, median ${formatNumber(scores[scores.length >> 1] as number)}`;
    const lost = individuals.length - scores.length;
    return `  generation ${`${g + 1}`.padStart(width)}: σ = ${deviation}, ${steps} steps; ${best}${lost > 0 && scores.length > 0 ? `, ${lost} diverged` : ""}`;
  });
  const rows = comparison.rows.map(
    (row) =>
      `  ${row.name.padEnd(5)}  ${formatEstimate(row)}${row.diverged > 0 ? ` (${row.diverged} diverged)` : ""}  ${describeValues(row.values)}`,
  );
  const seeds = seedsOf(comparison);
  return `${[
    `${configuration.optimizer} on ${configuration.task}: ${provenance.command}`,
    "",
    ...lines,
    "",
    ...(seeds === 0 ? [] : [`Mean loss over 0.9 T < i < T, T = ${comparison.steps}, from the same ${seeds} seeds:`, ...rows, ""]),
    `Tuned: ${Object.entries(tuned)
      .map(([key, value]) => `${key}=${value}`)
      .join(" ")}`,
    ...(saved === null ? [] : [`Saved to ${saved}`]),
    `Report: ${join(out, searchFiles.page)}`,
  ].join("\n")}\n`;
}
