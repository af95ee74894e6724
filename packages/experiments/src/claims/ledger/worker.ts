import type { BackendChoice } from "../../backends/choice.ts";
import { backendOfThread } from "../../backends/ofThread.ts";
import { onBackend } from "../../backends/onBackend.ts";
import { count, type WorkCounter } from "../../pool/threads.ts";
import { claims } from "../index.ts";
import { checkPortion } from "./checkPortion.ts";
import type { LedgerEntry } from "./ledger.ts";

/** What a worker thread is sent: which cases of which claim, what is to compute them, and where it counts those that it has checked. */
export interface ClaimsTask {
  readonly id: string;
  readonly runs: number;
  readonly seed: number;
  readonly backend: BackendChoice;
  readonly cases: WorkCounter;
}

/** Runs in a worker thread. */
export async function check({ id, runs, seed, backend, cases }: ClaimsTask): Promise<LedgerEntry> {
  const claim = claims.find((candidate) => candidate.id === id);
  if (!claim) throw new RangeError(`no claim "${id}"`);
  return onBackend(await backendOfThread(backend), async () => checkPortion(claim, runs, seed, () => count(cases, 1)));
}
