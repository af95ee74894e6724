/**
 * What the threads of a crew share besides the memory that they compute in. `control` is an Int32Array with the entries named here; a job is a list of
 * pieces, a piece a list of calls, and they stand in `program` as plain numbers.
 *
 * A piece is claimed by raising `claimed` by one compare-and-exchange. No thread can claim one while the next job is being written, for then all are
 * claimed, and that job is not written before all are done; so a claimed piece is always one of the job that stands there.
 */
export const CONTROL = {
  /** Counts jobs: a change wakes the threads. */
  job: 0,
  /** Pieces of this job · 2¹⁶ + how many are claimed. */
  claimed: 1,
  /** How many of them are done. */
  done: 2,
  /** How many threads have gone to sleep, and must be woken. */
  asleep: 3,
  length: 4,
} as const;

/** How many pieces a job has at most: what half of a 32-bit number holds, but for the sign. */
export const MAX_PIECES: number = 2 ** 15 - 1;

/** A call of one of the module's functions, by name. */
export interface Call {
  readonly name: string;
  readonly args: readonly number[];
}

/** Calls in order: what one thread does. */
export type Piece = readonly Call[];

/** What a thread is started with. */
export interface Start {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: Int32Array;
  readonly program: Float64Array;
  readonly layout: typeof CONTROL;
  /** The functions that calls name by their place in this list. */
  readonly names: readonly string[];
}

/**
 * Writes a job: for each piece where its calls begin, at last where they all end; then for each call its function, how many arguments follow, and these.
 * @returns whether there was room.
 */
export function writeProgram(program: Float64Array, pieces: readonly Piece[], indexOf: ReadonlyMap<string, number>): boolean {
  let at = pieces.length + 1;
  for (const [i, piece] of pieces.entries()) {
    program[i] = at;
    for (const { name, args } of piece) {
      if (at + 2 + args.length > program.length) return false;
      program[at++] = indexOf.get(name) as number;
      program[at++] = args.length;
      program.set(args, at);
      at += args.length;
    }
  }
  program[pieces.length] = at;
  return true;
}
