/** Someone who does a piece of work. Everything may answer at once or later. */
export interface Contender {
  readonly name: string;
  /** Is it somebody else's library? */
  readonly peer?: boolean;
  /** One repetition, on data that already lies where it computes; what comes out stays there. */
  run(): unknown;
  /** One repetition from plain arrays to plain arrays. */
  withCopies?(): unknown;
  /** What one repetition computes, as plain numbers in the order that all contenders share. None: nothing to compare. */
  result?(): ArrayLike<number> | Promise<ArrayLike<number>>;
  /** Called before every round of its own, and not timed. */
  prepare?(): unknown;
  /** Gives its memory back. */
  close?(): unknown;
}

/** A contender that is not there, and why. */
export interface Absent {
  readonly name: string;
  readonly reason: string;
}

export interface Workload {
  readonly name: string;
  /** What one repetition is worth, in the unit below: floating-point operations, steps, bytes. */
  readonly work: number;
  readonly unit: string;
  /** Ours first. */
  readonly contenders: readonly (Contender | Absent)[];
  /** How far, in the Euclidean norm and relative to the first contender's, results may lie from it; 0: every number is the same. */
  readonly tolerance: number;
}

/** Real sizes, or sizes at which everything takes a moment. */
export type Size = "full" | "quick";

/** A workload before it has taken any memory. */
export interface Entry {
  /** What it is one of several sizes or settings of. Of one family, quick sizes are the same. */
  readonly family: string;
  readonly name: string;
  open(size: Size): Promise<Workload>;
}

export const isAbsent = (c: Contender | Absent): c is Absent => "reason" in c;

/** How to make a contender, under the name that it has if that fails. */
export type Maker = readonly [name: string, make: () => Contender | Promise<Contender>];

/** The contenders, or why they could not be made; one after the other, since some have only one place for what they are doing. */
export async function assemble(makers: readonly Maker[]): Promise<readonly (Contender | Absent)[]> {
  const made: (Contender | Absent)[] = [];
  for (const [name, make] of makers) {
    try {
      made.push(await make());
    } catch (error) {
      made.push({ name, reason: firstLine(error) });
    }
  }
  return made;
}

export const firstLine = (error: unknown): string => ((error as Error)?.message ?? String(error)).split("\n", 1)[0] as string;
