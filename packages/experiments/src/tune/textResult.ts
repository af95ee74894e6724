import { join } from "node:path";
import { formatEstimate, formatNumber } from "../report/format.ts";
import { describeRounded } from "../report/roundedValues.ts";
import { searchFiles } from "./folder.ts";
import { type SearchResult, seedsOf } from "./result.ts";

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
      `  ${row.name.padEnd(5)}  ${formatEstimate(row)}${row.diverged > 0 ? ` (${row.diverged} diverged)` : ""}  ${describeRounded(row.values)}`,
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
