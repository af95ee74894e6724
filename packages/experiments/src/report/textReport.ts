import { join } from "node:path";
import { type BackendChoice, describeChoice, onReference } from "../backends/choice.ts";
import { borneOut, remarksOn } from "../experiments/agreement.ts";
import type { Reproduction } from "../experiments/reproduce.ts";
import { reportFiles } from "./folder.ts";
import { formatLength } from "./format.ts";
import { textTable } from "./textTable.ts";

/** Reproductions for the terminal: numbers beside the paper's, verdicts, what computed them, and where the page is. */
export function textReport(reproductions: readonly Reproduction[], out: string, choice: BackendChoice = onReference): string {
  const parts = reproductions.map(({ experiment, preset, runs, rows, details, verdict }) => {
    const seeds = preset.seeds === 1 ? "1 seed" : `${preset.seeds} seeds`;
    const head = `${experiment.id}: ${experiment.title} (${experiment.reference}; ${preset.name}: ${formatLength(preset)}, ${seeds})`;
    return `${head}\n\n${textTable(rows, remarksOn(experiment, rows, runs), details, experiment.columnsAre)}\n\n  ${borneOut(verdict)} ${verdict.words}\n`;
  });
  return `${parts.join("\n\n")}\nComputed by: ${describeChoice(choice)}\nReport: ${join(out, reportFiles.page)}\n`;
}
