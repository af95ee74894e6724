import { ArgumentError, ShapeError } from "@lodo/tensor";

/** One weighted connection, from neuron `from` of a layer to neuron `to` of the next. */
export interface Connection {
  readonly to: number;
  readonly from: number;
  readonly weight: number;
}

/** A layer of a sparse linear network: the [rows, cols] matrix whose entry (to, from) is the sum of the weights of its connections there. */
export interface SparseMatrix {
  readonly rows: number;
  readonly cols: number;
  readonly connections: readonly Connection[];
}

/** The most connections that one neuron has at an end of them. */
export function largestFan({ connections }: SparseMatrix, end: "to" | "from"): number {
  const fans = new Map<number, number>();
  for (const { [end]: neuron } of connections) fans.set(neuron, (fans.get(neuron) ?? 0) + 1);
  return Math.max(0, ...fans.values());
}

/** The least width that holds a network: even, as blocks are 2×2. */
export const leastWidth = (network: readonly SparseMatrix[]): number =>
  network.reduce((ñ, { rows, cols, connections }) => Math.max(ñ, ...[rows, cols, connections.length].map((n) => n + (n % 2))), 2);

/**
 * Can the construction of Theorem 4.2 hold this network in ñ units, with fan-in and fan-out of at most κ?
 * @throws ShapeError if matrices do not fit each other or ñ, ArgumentError if there are none, or one has too many connections, or one end of them.
 */
export function checkNetwork(op: string, network: readonly SparseMatrix[], ñ: number, κ: number): void {
  if (network.length === 0) throw new ArgumentError(op, "expected at least one matrix, got none");
  for (const [l, { rows, cols }] of network.entries()) {
    if (![rows, cols].every((n) => Number.isSafeInteger(n) && n >= 1))
      throw new ShapeError(op, `matrix ${l} must have rows and columns, got [${rows}, ${cols}]`);
  }
  const enough = leastWidth(network);
  for (const [l, A] of network.entries()) {
    const previous = network[l - 1];
    if (previous && previous.rows !== A.cols)
      throw new ShapeError(op, `matrix ${l - 1} gives ${previous.rows} numbers, matrix ${l} takes ${A.cols}`);
    if (Math.max(A.rows, A.cols) > ñ)
      throw new ShapeError(op, `matrix ${l} is [${A.rows}, ${A.cols}], above the width ñ = ${ñ}; a width of ${enough} would do`);
    for (const { to, from, weight } of A.connections) {
      if (!isIndex(to, A.rows) || !isIndex(from, A.cols))
        throw new ShapeError(op, `matrix ${l} is [${A.rows}, ${A.cols}], got a connection to ${to} from ${from}`);
      if (!Number.isFinite(weight)) throw new ArgumentError(op, `expected finite weights, got ${weight} in matrix ${l}`);
    }
    if (A.connections.length > ñ) {
      const parts = Math.ceil(A.connections.length / ñ);
      throw new ArgumentError(
        op,
        `matrix ${l} has ${A.connections.length} connections, above the width ñ = ${ñ}; a width of ${enough} would do, or at least ${parts} matrices in its place`,
      );
    }
    for (const [end, name] of [
      ["to", "fan-in"],
      ["from", "fan-out"],
    ] as const) {
      const fan = largestFan(A, end);
      if (fan > κ) throw new ArgumentError(op, `matrix ${l} has ${name} ${fan}, above κ = ${κ}; κ = ${fan} would do`);
    }
  }
}

const isIndex = (i: number, n: number): boolean => Number.isInteger(i) && i >= 0 && i < n;
