import { count, type WorkCounter } from "../../pool/threads.ts";
import { claims } from "../index.ts";
import { checkPortion } from "./checkPortion.ts";
import type { LedgerEntry } from "./ledger.ts";

/** What a worker thread is sent: which cases of which claim, and where it counts those that it has checked. */
export interface ClaimsTask {
  readonly id: string;
  readonly runs: number;
  readonly seed: number;
  readonly cases: WorkCounter;
}

/** Runs in a worker thread. */
export function check({ id, runs, seed, cases }: ClaimsTask): LedgerEntry {
  const claim = claims.find((candidate) => candidate.id === id);
  if (!claim) throw new RangeError(`no claim "${id}"`);
  return checkPortion(claim, runs, seed, () => count(cases, 1));
}
