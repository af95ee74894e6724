import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import { type BackendChoice, onReference } from "../../backends/choice.ts";
import { backendOfThread } from "../../backends/ofThread.ts";
import { onBackend } from "../../backends/onBackend.ts";
import { InterruptedError, withThreads } from "../../pool/threads.ts";
import type { Claim } from "../claim.ts";
import { checkPortion } from "./checkPortion.ts";
import { joined, type LedgerEntry } from "./ledger.ts";
import type { ClaimsTask } from "./worker.ts";

export interface CheckClaimsOptions {
  /** Cases of each claim; its own budget unless told. */
  readonly runs?: number;
  /** Case i of a claim is drawn from seed + i. */
  readonly seed?: number;
  /** Threads; one for each processor unless told. With 1 all is done in this one, also claims that are not in the registry. */
  readonly workers?: number;
  /** What computes the cases; the reference unless told. */
  readonly backend?: BackendChoice;
  /** Called now and then with the cases checked so far, of all claims. */
  readonly onProgress?: (cases: number) => void;
  /** Ends the checks when it aborts. */
  readonly signal?: AbortSignal;
}

/** Cases that a thread takes at a time. It bounds how long one claim can keep the others waiting, and decides nothing about the result. */
const portion = 25;

interface Portion {
  readonly claim: Claim;
  readonly seed: number;
  readonly runs: number;
}

const portionsOf = (claim: Claim, runs: number, seed: number): readonly Portion[] =>
  Array.from({ length: Math.ceil(runs / portion) }, (_, i) => ({
    claim,
    seed: seed + i * portion,
    runs: Math.min(portion, runs - i * portion),
  }));

/**
 * Checks claims, as often and from where one likes. The ledger is in their order and does not depend on the number of workers.
 * @throws WorkerError if threads cannot start; InterruptedError if `signal` aborts.
 */
export async function checkClaims(
  claims: readonly Claim[],
  { runs, seed = 1, workers = availableParallelism(), backend = onReference, onProgress = () => {}, signal }: CheckClaimsOptions = {},
): Promise<readonly LedgerEntry[]> {
  const portions = claims.flatMap((claim) => portionsOf(claim, runs ?? claim.runs, seed));
  const checked =
    workers === 1
      ? await onBackend(await backendOfThread(backend), () => checkHere(portions, onProgress, signal))
      : await checkInThreads(portions, { threads: Math.min(workers, portions.length), backend }, onProgress, signal);
  return claims.map((claim) => joined(checked.filter((_, i) => portions[i]?.claim === claim) as [LedgerEntry]));
}

async function checkHere(
  portions: readonly Portion[],
  onProgress: (cases: number) => void,
  signal: AbortSignal | undefined,
): Promise<readonly LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  let cases = 0;
  for (const { claim, runs, seed } of portions) {
    // Signals are heard between turns only.
    await setImmediate();
    if (signal?.aborted) throw new InterruptedError(cases, casesOf(portions));
    entries.push(checkPortion(claim, runs, seed, () => onProgress(++cases)));
  }
  return entries;
}

const casesOf = (portions: readonly Portion[]): number => portions.reduce((sum, { runs }) => sum + runs, 0);

const checkInThreads = (
  portions: readonly Portion[],
  { threads, backend }: { readonly threads: number; readonly backend: BackendChoice },
  onProgress: (cases: number) => void,
  signal: AbortSignal | undefined,
): Promise<readonly LedgerEntry[]> => {
  const interruption = (cases: number): Error => new InterruptedError(cases, casesOf(portions));
  return withThreads({ module: "claims/ledger/worker", name: "check", threads, onProgress, signal, interruption }, (send, cases) =>
    Promise.all(
      portions.map(
        ({ claim: { id }, runs, seed }) => send({ id, runs, seed, backend, cases } satisfies ClaimsTask) as Promise<LedgerEntry>,
      ),
    ),
  );
};
