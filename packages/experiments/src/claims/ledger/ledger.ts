import type { Verdict } from "./check.ts";

/** What became of a claim, and how long it took to find out. */
export interface LedgerEntry extends Verdict {
  /** Of computing, over all threads; no part of the result. */
  readonly seconds: number;
}

/** Verdicts on parts of a claim's cases, in the order of their seeds, as one verdict on all of them. */
export function joined(parts: readonly [LedgerEntry, ...LedgerEntry[]]): LedgerEntry {
  const total = (count: (part: LedgerEntry) => number): number => parts.reduce((sum, part) => sum + count(part), 0);
  const worst = parts.reduce((worst, part) => (part.worstMargin < worst.worstMargin ? part : worst));
  return {
    ...parts[0],
    runs: total(({ runs }) => runs),
    failures: total(({ failures }) => failures),
    refuted: parts.some(({ refuted }) => refuted),
    worstMargin: worst.worstMargin,
    worstSeed: worst.worstSeed,
    counterexample: parts.find(({ counterexample }) => counterexample !== null)?.counterexample ?? null,
    seconds: total(({ seconds }) => seconds),
  };
}

/**
 * An entry as JSON has it, which knows no infinite numbers: these become the strings that `Number` reads back. Where a claim is refuted, its worst seed
 * draws a case that fails.
 */
export const ledgerJson = (entry: LedgerEntry): Readonly<Record<string, unknown>> => ({
  id: entry.id,
  reference: entry.reference,
  statement: entry.statement,
  status: entry.status,
  runs: entry.runs,
  failures: entry.failures,
  refuted: entry.refuted,
  worstMargin: Number.isFinite(entry.worstMargin) ? entry.worstMargin : `${entry.worstMargin}`,
  worstSeed: entry.worstSeed,
  seconds: entry.seconds,
});

/** The command that draws a case again, of a claim or of a variant of it that is wrong on purpose. */
export const replayCommand = (id: string, seed: number, wrong?: string): string =>
  `npx lodo claims ${id}${wrong === undefined ? "" : ` --wrong ${JSON.stringify(wrong)}`} --seed ${seed} --runs 1`;
