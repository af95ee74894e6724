import { groupBy } from "../groupBy.ts";

/** A mean with its standard deviation over seeds, as a paper prints it; std is null where none is given. */
export interface Estimate {
  readonly mean: number;
  readonly std: number | null;
}

/** One cell of a table, ours beside the paper's. */
export interface Row {
  /** A registry id: an optimizer. */
  readonly name: string;
  /** Which of the paper's columns. */
  readonly column: string;
  /** Mean over the n runs that did not diverge; null if all did. */
  readonly mean: number | null;
  /** Sample standard deviation over those n runs; null if they are fewer than two, and 0 where every run gives the same number. */
  readonly std: number | null;
  /** Runs averaged. */
  readonly n: number;
  /** Runs that diverged: counted, not averaged. */
  readonly diverged: number;
  /** The paper's number; null where it has none that we know. */
  readonly paper: Estimate | null;
}

/** Mean and sample standard deviation. The mean of equal numbers is that number to the bit, and their deviation 0. */
export function summarize(values: readonly number[]): { readonly mean: number | null; readonly std: number | null } {
  const n = values.length;
  const [origin] = values;
  if (origin === undefined) return { mean: null, std: null };
  const mean = origin + values.reduce((sum, v) => sum + (v - origin), 0) / n;
  if (n === 1) return { mean, std: null };
  return { mean, std: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1)) };
}

/** What a row is made of. */
export interface Scored {
  readonly name: string;
  readonly column: string;
  /** null if the run diverged. */
  readonly score: number | null;
}

/** One row for each pair of name and column, in the order in which they come. */
export function tabulate(scored: readonly Scored[], paper: (name: string, column: string) => Estimate | null): readonly Row[] {
  return groupBy(scored, ({ name, column }) => JSON.stringify([name, column])).map((runs) => {
    const { name, column } = runs[0] as Scored;
    const scores = runs.flatMap(({ score }) => (score === null ? [] : [score]));
    return { name, column, ...summarize(scores), n: scores.length, diverged: runs.length - scores.length, paper: paper(name, column) };
  });
}

/** The row of a name and column; one without runs if no run came to its end. */
export const rowOf = (rows: readonly Row[], name: string, column: string): Row =>
  rows.find((row) => row.name === name && row.column === column) ?? { name, column, mean: null, std: null, n: 0, diverged: 0, paper: null };
