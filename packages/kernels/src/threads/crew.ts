import { BackendError } from "@lodo/tensor";
import type { Exports, WasmFunction } from "../exports.ts";
import { OWN_BYTES } from "../heap.ts";
import { CONTROL, JOB, MAX_RANGES } from "./control.ts";
import { spawn, type Thread } from "./spawn.ts";

/** Threads that compute in one memory, the caller's among them. */
export interface Crew {
  readonly threads: number;
  /** What takes less than this in one thread, in nanoseconds, is not worth sharing. */
  readonly shareAbove: number;
  /**
   * Calls a function once for each range between neighbouring bounds, which become the two arguments at `place`, in any order and on any thread, and returns when
   * all have returned. Which thread gets a range is chance; what comes out is not, if no range reads what another writes.
   * @throws what the function throws on the caller's thread, BackendError if it throws on another; no range is under way any more then.
   */
  run(f: WasmFunction, args: readonly number[], place: number, bounds: readonly number[]): void;
  /** Ends the other threads; from then on the caller computes alone. */
  close(): Promise<void>;
}

/** No threads but the caller's. */
export const alone: Crew = {
  threads: 1,
  shareAbove: Number.POSITIVE_INFINITY,
  run(f, args, place, bounds) {
    const own = [...args];
    for (let i = 0; i + 1 < bounds.length; i++) {
      own[place] = bounds[i] as number;
      own[place + 1] = bounds[i + 1] as number;
      f(...own);
    }
  },
  close: async () => {},
};

/** Room for the numbers of a job; a larger one is for the caller alone. */
const JOB_LENGTH = 2 ** 16;

/** Looks this often whether the others are done before going to sleep. */
const SPINS = 20_000;

/**
 * The caller and `threads` − 1 threads beside it.
 * @throws BackendError if threads cannot start.
 */
export async function crew(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  exports: Exports,
  { threads, shareAbove }: Pick<Crew, "threads" | "shareAbove">,
): Promise<Crew> {
  if (threads === 1) return alone;
  const control = new Int32Array(new SharedArrayBuffer(4 * CONTROL.length));
  const job = new Float64Array(new SharedArrayBuffer(8 * JOB_LENGTH));
  const names = Object.keys(exports).filter((name) => typeof exports[name] === "function");
  const indexOf = new Map(names.map((name, i) => [exports[name] as WasmFunction, i]));
  const start = { module, memory, control, job, layout: { control: CONTROL, job: JOB }, names };
  const others = await startAll(Array.from({ length: threads - 1 }, (_, i) => spawn({ ...start, shift: (i + 1) * OWN_BYTES })));
  let open = true;

  return {
    threads,
    shareAbove,
    run(f, args, place, bounds) {
      const ranges = bounds.length - 1;
      if (!open || ranges > MAX_RANGES || JOB.args + args.length + bounds.length > JOB_LENGTH) {
        alone.run(f, args, place, bounds);
        return;
      }
      job[JOB.function] = indexOf.get(f) as number;
      job[JOB.place] = place;
      job[JOB.count] = args.length;
      job.set(args, JOB.args);
      job.set(bounds, JOB.args + args.length);
      Atomics.store(control, CONTROL.done, 0);
      Atomics.store(control, CONTROL.failed, 0);
      Atomics.store(control, CONTROL.claimed, ranges << 16);
      Atomics.add(control, CONTROL.jobs, 1);
      if (Atomics.load(control, CONTROL.asleep) > 0) Atomics.notify(control, CONTROL.jobs);
      try {
        takePart(control, f, [...args], place, bounds);
      } finally {
        awaitDone(control, ranges);
      }
      if (Atomics.load(control, CONTROL.failed) !== 0) throw new BackendError("simd", "a kernel failed on another thread");
    },
    async close() {
      open = false;
      await Promise.all(others.map((thread) => thread.close()));
    },
  };
}

/** All of them or none: where one does not start, the others are ended before this throws. */
async function startAll(starting: readonly Promise<Thread>[]): Promise<readonly Thread[]> {
  const settled = await Promise.allSettled(starting);
  const started = settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failure = settled.find((result) => result.status === "rejected");
  if (failure === undefined) return started;
  await Promise.all(started.map((thread) => thread.close()));
  const { reason } = failure;
  throw new BackendError("simd", `threads did not start: ${reason instanceof Error ? reason.message : String(reason)}`);
}

/** The caller's share; as in worker/serve.js, where the others take theirs. */
function takePart(control: Int32Array, f: WasmFunction, args: number[], place: number, bounds: readonly number[]): void {
  for (;;) {
    const claimed = Atomics.load(control, CONTROL.claimed);
    const next = claimed & 0xffff;
    if (next >= claimed >>> 16) return;
    if (Atomics.compareExchange(control, CONTROL.claimed, claimed, claimed + 1) !== claimed) continue;
    args[place] = bounds[next] as number;
    args[place + 1] = bounds[next + 1] as number;
    try {
      f(...args);
    } finally {
      Atomics.add(control, CONTROL.done, 1);
    }
  }
}

function awaitDone(control: Int32Array, ranges: number): void {
  for (let i = 0; ; i++) {
    const done = Atomics.load(control, CONTROL.done);
    if (done === ranges) return;
    if (i > SPINS) rest(control, done);
  }
}

/** Leaves the processor to the others until another range is done, where the engine lets this thread wait; a page's own thread goes on looking. */
function rest(control: Int32Array, done: number): void {
  try {
    Atomics.wait(control, CONTROL.done, done, 1);
  } catch {
    // A page's own thread must not sleep.
  }
}
