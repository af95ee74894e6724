import type { SparseMatrix } from "@lodo/preconditioner";
import type { Rng } from "@lodo/tensor";

/** A matrix as rows of numbers: what claims compare with, apart from the code under test. */
export type Rows = readonly (readonly number[])[];

export const rowsOf = (n: number, cols: number, entry: (i: number, j: number) => number): Rows =>
  Array.from({ length: n }, (_, i) => Array.from({ length: cols }, (_, j) => entry(i, j)));

/** A_d ⋯ A₁ in the upper left corner of [ñ, ñ]. */
export function productOf(network: readonly SparseMatrix[], ñ: number): Rows {
  const inputs = network[0]?.cols ?? 0;
  let product = rowsOf(ñ, ñ, (i, j) => Number(i === j && i < inputs));
  for (const { connections } of network) {
    const next = product.map((row) => row.map(() => 0));
    for (const { to, from, weight } of connections) {
      for (let j = 0; j < ñ; j++) (next[to] as number[])[j] = (next[to]?.[j] as number) + weight * (product[from]?.[j] as number);
    }
    product = next;
  }
  return product;
}

/** Largest difference of a row-major matrix from these rows, as a part of their largest entry or of 1. */
export function largestDifference(A: ArrayLike<number>, rows: Rows): number {
  const expected = rows.flat();
  const size = Math.max(1, ...expected.map(Math.abs));
  return Math.max(...expected.map((a, i) => Math.abs((A[i] as number) - a))) / size;
}

/** A random matrix with at most `most` connections, fans of at most κ and normal weights. */
export function randomSparse(
  rng: Rng,
  rows: number,
  cols: number,
  { most, κ }: { readonly most: number; readonly κ: number },
): SparseMatrix {
  const [into, out] = [new Int32Array(rows), new Int32Array(cols)];
  const connections: { to: number; from: number; weight: number }[] = [];
  for (let tries = 0; tries < 3 * most && connections.length < most; tries++) {
    const [to, from] = [rng.integer(rows), rng.integer(cols)];
    if ((into[to] as number) >= κ || (out[from] as number) >= κ) continue;
    into[to] = (into[to] as number) + 1;
    out[from] = (out[from] as number) + 1;
    connections.push({ to, from, weight: rng.normal() });
  }
  return { rows, cols, connections };
}
