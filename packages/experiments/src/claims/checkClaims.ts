import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import { Tinypool } from "tinypool";
import { InterruptedError, WorkerError } from "../pool/runJobs.ts";
import { checkClaim } from "./check.ts";
import type { Claim } from "./claim.ts";
import { joined, type LedgerEntry } from "./ledger.ts";
import type { ClaimsTask } from "./worker.ts";

export interface CheckClaimsOptions {
  /** Cases of each claim; its own budget unless told. */
  readonly runs?: number;
  /** Case i of a claim is drawn from seed + i. */
  readonly seed?: number;
  /** Threads; one for each processor unless told. With 1, and where a claim is not in the registry, all is done in this one. */
  readonly workers?: number;
  /** Called now and then with the cases checked so far, of all claims. */
  readonly onProgress?: (cases: number) => void;
  /** Ends the checks when it aborts. */
  readonly signal?: AbortSignal;
}

/** Cases that a thread takes at a time. It bounds how long one claim can keep the others waiting, and decides nothing about the result. */
const portion = 25;

const workerFile = new URL("../../dist/claims/worker.js", import.meta.url).href;

const progressMilliseconds = 200;

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

/** Checks claims, as often and from where one likes. The ledger is in their order and does not depend on the number of workers. @throws InterruptedError if `signal` aborts. */
export async function checkClaims(
  claims: readonly Claim[],
  { runs, seed = 1, workers = availableParallelism(), onProgress = () => {}, signal }: CheckClaimsOptions = {},
): Promise<readonly LedgerEntry[]> {
  const portions = claims.flatMap((claim) => portionsOf(claim, runs ?? claim.runs, seed));
  const checked =
    workers === 1
      ? await checkHere(portions, onProgress, signal)
      : await checkInThreads(portions, Math.min(workers, portions.length), onProgress, signal);
  return claims.map((claim) => joined(checked.filter((_, i) => portions[i]?.claim === claim) as [LedgerEntry]));
}

/** Checks a portion of a claim's cases in this thread. */
export function checkPortion(claim: Claim, runs: number, seed: number, onCase: () => void): LedgerEntry {
  const start = performance.now();
  const verdict = checkClaim(claim, { runs, seed, onCase });
  return { ...verdict, seconds: (performance.now() - start) / 1000 };
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

async function checkInThreads(
  portions: readonly Portion[],
  threads: number,
  onProgress: (cases: number) => void,
  signal: AbortSignal | undefined,
): Promise<readonly LedgerEntry[]> {
  const pool = new Tinypool({ filename: workerFile, name: "check", minThreads: threads, maxThreads: threads, execArgv: [] });
  const broken = new Promise<never>((_, reject) => pool.on("error", (error: unknown) => reject(new WorkerError(error))));
  const cases = new Int32Array(new SharedArrayBuffer(4));
  const interrupted = new Promise<never>((_, reject) => {
    const interrupt = (): void => reject(new InterruptedError(Atomics.load(cases, 0), casesOf(portions)));
    if (signal?.aborted) interrupt();
    else signal?.addEventListener("abort", interrupt, { once: true });
  });
  const timer = setInterval(() => onProgress(Atomics.load(cases, 0)), progressMilliseconds);
  const run = ({ claim: { id }, runs, seed }: Portion): Promise<LedgerEntry> => pool.run({ id, runs, seed, cases } satisfies ClaimsTask);
  try {
    // Portions that an interruption cuts off reject too, after it.
    const all = Promise.all(portions.map(run));
    all.catch(() => {});
    return await Promise.race([interrupted, broken, all]);
  } finally {
    clearInterval(timer);
    onProgress(Atomics.load(cases, 0));
    await pool.destroy();
  }
}
