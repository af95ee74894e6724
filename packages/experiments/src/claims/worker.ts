import { checkPortion } from "./checkClaims.ts";
import { claims } from "./index.ts";
import type { LedgerEntry } from "./ledger.ts";

/** What a worker thread is sent: which cases of which claim, and shared memory in which it counts those that it has checked. */
export interface ClaimsTask {
  readonly id: string;
  readonly runs: number;
  readonly seed: number;
  readonly cases: Int32Array;
}

/** Runs in a worker thread. */
export function check({ id, runs, seed, cases }: ClaimsTask): LedgerEntry {
  const claim = claims.find((candidate) => candidate.id === id);
  if (!claim) throw new RangeError(`no claim "${id}"`);
  return checkPortion(claim, runs, seed, () => void Atomics.add(cases, 0, 1));
}
