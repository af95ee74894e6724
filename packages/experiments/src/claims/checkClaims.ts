import { availableParallelism } from "node:os";
import { Tinypool } from "tinypool";
import { WorkerError } from "../pool/runJobs.ts";
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
}

/** Cases that a thread takes at a time. It bounds how long one claim can keep the others waiting, and decides nothing about the result. */
const portion = 100;

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

/** Checks claims, as often and from where one likes. The ledger is in their order and does not depend on the number of workers. */
export async function checkClaims(
  claims: readonly Claim[],
  { runs, seed = 1, workers = availableParallelism(), onProgress = () => {} }: CheckClaimsOptions = {},
): Promise<readonly LedgerEntry[]> {
  const portions = claims.flatMap((claim) => portionsOf(claim, runs ?? claim.runs, seed));
  const checked =
    workers === 1 ? checkHere(portions, onProgress) : await checkInThreads(portions, Math.min(workers, portions.length), onProgress);
  return claims.map((claim) => joined(checked.filter((_, i) => portions[i]?.claim === claim) as [LedgerEntry]));
}

/** Checks a portion of a claim's cases in this thread. */
export function checkPortion(claim: Claim, runs: number, seed: number, onCase: () => void): LedgerEntry {
  const start = performance.now();
  const verdict = checkClaim(claim, { runs, seed, onCase });
  return { ...verdict, seconds: (performance.now() - start) / 1000 };
}

function checkHere(portions: readonly Portion[], onProgress: (cases: number) => void): readonly LedgerEntry[] {
  let cases = 0;
  return portions.map(({ claim, runs, seed }) => checkPortion(claim, runs, seed, () => onProgress(++cases)));
}

async function checkInThreads(
  portions: readonly Portion[],
  threads: number,
  onProgress: (cases: number) => void,
): Promise<readonly LedgerEntry[]> {
  const pool = new Tinypool({ filename: workerFile, name: "check", minThreads: threads, maxThreads: threads, execArgv: [] });
  const broken = new Promise<never>((_, reject) => pool.on("error", (error: unknown) => reject(new WorkerError(error))));
  const cases = new Int32Array(new SharedArrayBuffer(4));
  const timer = setInterval(() => onProgress(Atomics.load(cases, 0)), progressMilliseconds);
  const run = ({ claim: { id }, runs, seed }: Portion): Promise<LedgerEntry> => pool.run({ id, runs, seed, cases } satisfies ClaimsTask);
  try {
    return await Promise.race([Promise.all(portions.map(run)), broken]);
  } finally {
    clearInterval(timer);
    onProgress(Atomics.load(cases, 0));
    await pool.destroy();
  }
}
