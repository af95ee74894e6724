import type { RegisteredExperiment, Run, Verdict } from "./experiment.ts";
import type { Row } from "./row.ts";

/** How often the paper ran every optimizer (Section 5). */
const paperSeeds = 8;

/** How far our mean is from the paper's. */
export interface Agreement {
  /** (ours − paper's) / |paper's| */
  readonly relative: number;
  /** |ours − paper's| in standard errors of that difference; null where neither deviates from seed to seed, as far as is known. */
  readonly standardErrors: number | null;
}

/** Null where there is nothing to compare. */
export function agreement({ mean, std, n, paper }: Row): Agreement | null {
  if (mean === null || paper === null) return null;
  const difference = mean - paper.mean;
  // A single seed of ours is taken to deviate as the paper's do.
  const ours = std ?? paper.std ?? 0;
  const standardError = Math.sqrt(ours ** 2 / n + (paper.std ?? 0) ** 2 / paperSeeds);
  return {
    relative: difference / Math.abs(paper.mean),
    standardErrors: standardError === 0 ? null : Math.abs(difference) / standardError,
  };
}

/** What stands beside numbers of which there is nothing to say. */
export const nothingToSay = "–";

/** The same in words, for the column beside the numbers. */
export function agreementInWords(row: Row): string {
  const runs = row.n + row.diverged;
  const diverged = row.diverged === 0 ? [] : [`${row.diverged} of ${runs} runs diverged`];
  if (row.mean === null) return runs === 0 ? "no run finished" : "every run diverged";
  const compared = agreement(row);
  if (compared === null) return diverged[0] ?? nothingToSay;
  const { relative, standardErrors } = compared;
  const size = Math.abs(relative);
  const side = relative < 0 ? "below" : "above";
  const distance =
    size < 5e-5 ? "equal to the paper's to four digits" : size < 1 ? `${percent(size)} ${side} the paper's` : `${times(row)} the paper's`;
  return [...diverged, `${distance}${standardErrors === null ? "" : `, ${standardErrors.toFixed(1)} standard errors`}`].join("; ");
}

const percent = (fraction: number): string => `${Number((100 * fraction).toPrecision(2))}%`;
const times = ({ mean, paper }: Row): string => `${Number(((mean ?? 0) / (paper?.mean ?? 1)).toPrecision(2))} times`;

/** How far every row is from the paper's and, where the experiment knows, why. */
export const remarksOn = (
  { remark }: Pick<RegisteredExperiment, "remark">,
  rows: readonly Row[],
  runs: readonly Run[],
): readonly string[] =>
  rows.map((row) => {
    const words = agreementInWords(row);
    const why = remark?.(row, runs) ?? null;
    if (why === null) return words;
    return words === nothingToSay ? why : `${words}; ${why}`;
  });

/** The verdict as a sentence's beginning. */
export const borneOut = ({ holds }: Verdict): string => `Our numbers ${holds ? "bear" : "do not bear"} this out:`;
