import fc from "fast-check";
import type { Claim } from "../claim.ts";

export interface CheckOptions {
  /** How many cases; the claim's own budget unless told. */
  readonly runs?: number | undefined;
  /** Case i is drawn from seed + i, so `runs: 1` with a failure's seed draws it again. */
  readonly seed?: number | undefined;
  /** Instead of the claim's subject: one of its wrong variants, by name. */
  readonly wrong?: string;
  /** Called after each case. */
  readonly onCase?: (done: number) => void;
}

/** What became of a claim. */
export interface Verdict {
  readonly id: string;
  readonly reference: string;
  readonly statement: string;
  readonly status: Claim["status"];
  readonly runs: number;
  readonly failures: number;
  /** Did any case fail? */
  readonly refuted: boolean;
  /** The smallest margin met, and the seed that draws its case. */
  readonly worstMargin: number;
  readonly worstSeed: number;
  /** The first failing case made small, as text, with the seed that draws it; null if none failed. */
  readonly counterexample: { readonly seed: number; readonly case: string; readonly message: string } | null;
}

/** Draws cases of a claim one seed after another and measures its margin on each; shrinks the first that fails. */
export function checkClaim(claim: Claim, { runs = claim.runs, seed = 1, wrong, onCase }: CheckOptions = {}): Verdict {
  const subject = wrong === undefined ? claim.subject : claim.wrong[wrong];
  let failures = 0;
  let [worstMargin, worstSeed] = [Number.POSITIVE_INFINITY, seed];
  let counterexample: Verdict["counterexample"] = null;
  for (let i = 0; i < runs; i++) {
    let first: number | undefined;
    const property = fc.property(claim.cases, (testCase) => {
      const margin = claim.margin(testCase, subject);
      first ??= margin;
      if (!(margin >= 0)) throw new Error(`margin ${margin}`);
    });
    const details: fc.RunDetails<[unknown]> = fc.check(property, { seed: seed + i, numRuns: 1, endOnFailure: counterexample !== null });
    const margin = first === undefined || Number.isNaN(first) ? Number.NEGATIVE_INFINITY : first;
    if (margin < worstMargin) [worstMargin, worstSeed] = [margin, seed + i];
    if (details.failed) {
      failures++;
      const message: string = details.errorInstance instanceof Error ? details.errorInstance.message : String(details.errorInstance);
      counterexample ??= { seed: seed + i, case: fc.stringify(details.counterexample?.[0]), message };
    }
    onCase?.(i + 1);
  }
  const { id, reference, statement, status } = claim;
  return { id, reference, statement, status, runs, failures, refuted: failures > 0, worstMargin, worstSeed, counterexample };
}
