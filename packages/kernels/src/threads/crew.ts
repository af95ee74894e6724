import { ArgumentError, BackendError } from "@lodo/tensor";
import type { Exports } from "../exports.ts";
import { CONTROL, MAX_PIECES, type Piece, writeProgram } from "./control.ts";
import { spawn, type Thread } from "./spawn.ts";

/** Threads that compute in one memory, the caller's among them. */
export interface Crew {
  readonly threads: number;
  /**
   * Runs pieces, in any order and on any thread, and returns when all are done. Which thread runs a piece is chance; what comes out is not, if no
   * piece reads what another writes.
   */
  run(pieces: readonly Piece[]): void;
  close(): Promise<void>;
}

/** Runs every piece itself. */
export const alone = (exports: Exports): Crew => ({
  threads: 1,
  run: (pieces) => {
    for (const piece of pieces) for (const { name, args } of piece) exports[name]?.(...args);
  },
  close: async () => {},
});

/** Room for the numbers of a job; a larger one is run by the caller alone. */
const PROGRAM_LENGTH = 2 ** 16;

/** Looks this often whether the others are done before going to sleep. */
const SPINS = 20_000;

/**
 * The caller and `threads` − 1 threads beside it.
 * @throws BackendError if threads cannot start or memory cannot be shared; a page must be cross-origin isolated for that.
 */
export async function crew(module: WebAssembly.Module, memory: WebAssembly.Memory, exports: Exports, threads: number): Promise<Crew> {
  if (!(Number.isSafeInteger(threads) && threads >= 1 && threads <= 256))
    throw new ArgumentError("simd", `threads must be an integer from 1 to 256, got ${threads}`);
  if (threads === 1) return alone(exports);
  const control = new Int32Array(new SharedArrayBuffer(4 * CONTROL.length));
  const program = new Float64Array(new SharedArrayBuffer(8 * PROGRAM_LENGTH));
  const names = Object.keys(exports).filter((name) => typeof exports[name] === "function");
  const start = { module, memory, control, program, layout: CONTROL, names };
  const others: readonly Thread[] = await Promise.all(Array.from({ length: threads - 1 }, () => spawn(start))).catch((error: unknown) => {
    throw new BackendError("simd", `threads did not start: ${error instanceof Error ? error.message : String(error)}`);
  });
  const functions = names.map((name) => exports[name] as (...args: readonly number[]) => void);
  const indexOf = new Map(names.map((name, i) => [name, i]));
  const single = alone(exports);

  return {
    threads,
    run(pieces) {
      if (pieces.length < 2 || pieces.length > MAX_PIECES || !writeProgram(program, pieces, indexOf)) {
        single.run(pieces);
        return;
      }
      Atomics.store(control, CONTROL.done, 0);
      Atomics.store(control, CONTROL.claimed, pieces.length << 16);
      Atomics.add(control, CONTROL.job, 1);
      if (Atomics.load(control, CONTROL.asleep) > 0) Atomics.notify(control, CONTROL.job);
      takePart(functions, control, program);
      awaitDone(control, pieces.length);
    },
    async close() {
      await Promise.all(others.map((thread) => thread.close()));
    },
  };
}

/** The caller's share: see worker/serve.js, where the others do the same. */
function takePart(functions: readonly ((...args: readonly number[]) => void)[], control: Int32Array, program: Float64Array): void {
  for (;;) {
    const claimed = Atomics.load(control, CONTROL.claimed);
    const next = claimed & 0xffff;
    if (next >= claimed >>> 16) return;
    if (Atomics.compareExchange(control, CONTROL.claimed, claimed, claimed + 1) !== claimed) continue;
    const end = program[next + 1] as number;
    for (let at = program[next] as number; at < end; ) {
      const count = program[at + 1] as number;
      functions[program[at] as number]?.(...program.subarray(at + 2, at + 2 + count));
      at += 2 + count;
    }
    Atomics.add(control, CONTROL.done, 1);
  }
}

function awaitDone(control: Int32Array, pieces: number): void {
  for (let i = 0; ; i++) {
    const done = Atomics.load(control, CONTROL.done);
    if (done === pieces) return;
    if (i > SPINS) rest(control, done);
  }
}

/** Leaves the processor to the others until another piece is done, where the engine lets this thread wait; a page's own thread goes on looking. */
function rest(control: Int32Array, done: number): void {
  try {
    Atomics.wait(control, CONTROL.done, done, 1);
  } catch {
    // A page's own thread must not sleep.
  }
}
