import type { Row } from "./row.ts";

/** How far our mean is from the paper's. */
export interface Agreement {
  /** (ours − paper's) / |paper's| */
  readonly relative: number;
  /** |ours − paper's| in standard errors of our mean; null where seeds do not differ or are fewer than two. */
  readonly standardErrors: number | null;
}

/** Null where there is nothing to compare. */
export function agreement({ mean, std, n, paper }: Row): Agreement | null {
  if (mean === null || paper === null) return null;
  const difference = mean - paper.mean;
  return {
    relative: difference / Math.abs(paper.mean),
    standardErrors: std === null || std === 0 ? null : Math.abs(difference) / (std / Math.sqrt(n)),
  };
}

/** The same in words, for the column beside the numbers. */
export function agreementInWords(row: Row): string {
  const runs = row.n + row.diverged;
  const diverged = row.diverged === 0 ? "" : `${row.diverged} of ${runs} runs diverged; `;
  if (row.mean === null) return runs === 0 ? "no run finished" : "every run diverged";
  const compared = agreement(row);
  if (compared === null) return `${diverged}–`;
  const { relative, standardErrors } = compared;
  const size = Math.abs(relative);
  const side = relative < 0 ? "below" : "above";
  const distance =
    size < 5e-5 ? "equal to the paper's to four digits" : size < 1 ? `${percent(size)} ${side} the paper's` : `${times(row)} the paper's`;
  return `${diverged}${distance}${standardErrors === null ? "" : `, ${standardErrors.toFixed(1)} standard errors`}`;
}

const percent = (fraction: number): string => `${Number((100 * fraction).toPrecision(2))}%`;
const times = ({ mean, paper }: Row): string => `${Number(((mean ?? 0) / (paper?.mean ?? 1)).toPrecision(2))} times`;
