import { type LedgerEntry, replayCommand } from "./ledger.ts";

/**
 * A ledger for people: a line a claim, the counterexamples of those that failed, and what it all comes to. `wrong` names the variant that was checked in
 * place of the code that the claims are about.
 */
export function ledgerText(ledger: readonly LedgerEntry[], wrong?: string): string {
  const head = ["claim", "reference", "status", "runs", "failures", "worst margin", "from seed", "seconds"];
  const rows = ledger.map(({ id, reference, status, runs, failures, worstMargin, worstSeed, seconds }) => [
    id,
    reference,
    status,
    `${runs}`,
    `${failures}`,
    describeMargin(worstMargin),
    `${worstSeed}`,
    seconds.toFixed(1),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] as string).length)));
  const table = [head, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] as number))
      .join("  ")
      .trimEnd(),
  );
  return `${[...table, ""].join("\n")}\n${counterexamples(ledger, wrong)}${summary(ledger)}\n`;
}

/** The smallest case that each refuted claim fails on, and the command that draws it again; empty where none failed. */
export const counterexamples = (ledger: readonly LedgerEntry[], wrong?: string): string =>
  ledger.flatMap((entry) => counterexampleOf(entry, wrong)).join("");

/** 1 at best, 0 at the edge: four digits tell enough. */
export const describeMargin = (margin: number): string => (Number.isFinite(margin) ? margin.toPrecision(4) : `${margin}`.replace("-", "−"));

function counterexampleOf({ id, statement, failures, runs, counterexample }: LedgerEntry, wrong: string | undefined): readonly string[] {
  if (!counterexample) return [];
  return [
    `${id}${wrong === undefined ? "" : `, with ${wrong},`} fails in ${failures} of ${runs} cases: ${statement}`,
    `  smallest case  ${counterexample.case}`,
    `  where          ${counterexample.message}`,
    `  replay         ${replayCommand(id, counterexample.seed, wrong)}`,
    "",
  ].map((line) => `${line}\n`);
}

function summary(ledger: readonly LedgerEntry[]): string {
  const failed = ledger.filter(({ refuted }) => refuted);
  const corrected = ledger.filter(({ status }) => status === "refuted-as-stated");
  const cases = ledger.reduce((sum, { runs }) => sum + runs, 0);
  const verdict =
    failed.length === 0
      ? `No counterexample in ${cases} cases to ${ledger.length === 1 ? "the claim" : `the ${ledger.length} claims`}.`
      : `Refuted here: ${failed.map(({ id }) => id).join(", ")}.`;
  return corrected.length === 0
    ? verdict
    : `${verdict} Refuted as the paper states it, and checked as corrected: ${corrected.map(({ id }) => id).join(", ")}.`;
}
