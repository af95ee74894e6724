import type { Claim } from "../claim.ts";
import { checkClaim } from "./check.ts";
import type { LedgerEntry } from "./ledger.ts";

/** Checks a portion of a claim's cases in this thread. */
export function checkPortion(claim: Claim, runs: number, seed: number, onCase: () => void): LedgerEntry {
  const start = performance.now();
  const verdict = checkClaim(claim, { runs, seed, onCase });
  return { ...verdict, seconds: (performance.now() - start) / 1000 };
}
