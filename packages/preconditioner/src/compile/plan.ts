import { type Connection, largestFan, type SparseMatrix } from "./sparseMatrix.ts";

/** A permutation of the units, and what the 2×2 blocks do after it. */
export interface Run {
  /** Unit q takes what unit target[q] held. */
  readonly target: Int32Array;
  /** B after the permutation, [ñ/2, 2, 2] in row-major order. */
  readonly blocks: Float64Array;
}

/** A number on its way: where it is, what it is still to be multiplied by, and what it is for. */
interface Value<Use> {
  readonly unit: number;
  readonly weight: number;
  readonly use: Use;
}

/** What one block makes of the values that are brought to it: rows of weights, a row for each value that leaves. */
interface Meeting<From, To> {
  readonly inputs: readonly Value<From>[];
  readonly outputs: readonly { readonly row: readonly number[]; readonly use: To }[];
}

interface Stage<Use> {
  readonly runs: readonly Run[];
  readonly values: readonly Value<Use>[];
}

/** ⌈log₂ n⌉ */
export const doublings = (n: number): number => (n <= 1 ? 0 : 32 - Math.clz32(n - 1));

/** How many runs a network takes: Σ (⌈log₂ fan-out⌉ + ⌈log₂ fan-in⌉) + 1, at most 2d⌈log₂ κ⌉ + 1. */
export const runsOf = (network: readonly SparseMatrix[]): number =>
  network.reduce((runs, A) => runs + doublings(largestFan(A, "from")) + doublings(largestFan(A, "to")), 1);

/**
 * A network as permutations with blocks between them (Appendix C, Figure 7): for each matrix a forest of copies, then a forest of additions. The
 * permutation that would end one forest and the one that begins the next are one, and weights ride along with the next blocks.
 */
export function plan(network: readonly SparseMatrix[], ñ: number): readonly Run[] {
  const runs: Run[] = [];
  const inputs = (network[0] as SparseMatrix).cols;
  let neurons: readonly Value<number>[] = Array.from({ length: inputs }, (_, i) => ({ unit: i, weight: 1, use: i }));
  for (const A of network) {
    const copied = fanOut(A, neurons, ñ);
    const added = fanIn(A, copied.values, ñ);
    runs.push(...copied.runs, ...added.runs);
    neurons = added.values;
  }
  return [...runs, arrange(neurons, ñ)];
}

/** Copies each neuron's value, halving what is left to serve, until each copy serves one connection. */
function fanOut(A: SparseMatrix, neurons: readonly Value<number>[], ñ: number): Stage<number> {
  const leaving = groupBy(A.connections, ({ from }) => from);
  let values: readonly Value<readonly Connection[]>[] = neurons.flatMap(({ use, ...value }) => {
    const connections = leaving.get(use);
    return connections ? [{ ...value, use: connections }] : [];
  });
  const runs: Run[] = [];
  for (let round = doublings(largestFan(A, "from")); round > 0; round--) {
    const met = meet(
      values.map((value) => {
        const half = Math.ceil(value.use.length / 2);
        const shares = [value.use.slice(0, half), value.use.slice(half)].filter((share) => share.length > 0);
        return { inputs: [value], outputs: shares.map((use) => ({ row: [value.weight], use })) };
      }),
      ñ,
    );
    runs.push(met.run);
    values = met.values;
  }
  return { runs, values: values.flatMap(({ unit, weight, use: [c] }) => (c ? [{ unit, weight: weight * c.weight, use: c.to }] : [])) };
}

/** Adds the values that go to the same neuron, two at a time, until there is one. */
function fanIn(A: SparseMatrix, connections: readonly Value<number>[], ñ: number): Stage<number> {
  let values = connections;
  const runs: Run[] = [];
  for (let round = doublings(largestFan(A, "to")); round > 0; round--) {
    const met = meet(
      [...groupBy(values, ({ use }) => use)].flatMap(([use, terms]) =>
        Array.from({ length: Math.ceil(terms.length / 2) }, (_, i) => {
          const inputs = terms.slice(2 * i, 2 * i + 2);
          return { inputs, outputs: [{ row: inputs.map(({ weight }) => weight), use }] };
        }),
      ),
      ñ,
    );
    runs.push(met.run);
    values = met.values;
  }
  return { runs, values };
}

/** Brings together what meets: where two units are needed a block for itself, then the rest. There is room because connections are at most ñ. */
function meet<From, To>(meetings: readonly Meeting<From, To>[], ñ: number): { readonly run: Run; readonly values: readonly Value<To>[] } {
  const size = ({ inputs, outputs }: Meeting<From, To>): number => Math.max(inputs.length, outputs.length);
  const sources = new Map<number, number>();
  const blocks = new Float64Array(2 * ñ);
  const values: Value<To>[] = [];
  let next = 0;
  for (const meeting of meetings.toSorted((a, b) => size(b) - size(a))) {
    const { inputs, outputs } = meeting;
    const [at, corner] = [next, next % 2];
    for (const [i, { unit }] of inputs.entries()) sources.set(at + i, unit);
    for (const [r, { row, use }] of outputs.entries()) {
      for (const [c, weight] of row.entries()) blocks[2 * (at + r) + corner + c] = weight;
      values.push({ unit: at + r, weight: 1, use });
    }
    next += size(meeting);
  }
  return { run: { target: complete(sources, ñ), blocks }, values };
}

/** Brings each output to its place, and clears every other unit. */
function arrange(outputs: readonly Value<number>[], ñ: number): Run {
  const blocks = new Float64Array(2 * ñ);
  for (const { use: i, weight } of outputs) blocks[2 * i + (i % 2)] = weight;
  return { target: complete(new Map(outputs.map(({ unit, use }) => [use, unit])), ñ), blocks };
}

function groupBy<T>(items: readonly T[], key: (item: T) => number): ReadonlyMap<number, readonly T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

/** The permutation with these sources; where nothing is asked, a unit keeps its own content if it can. */
function complete(sources: ReadonlyMap<number, number>, ñ: number): Int32Array {
  const taken = new Set(sources.values());
  const keeps = (q: number): boolean => !sources.has(q) && !taken.has(q);
  const spare = Array.from({ length: ñ }, (_, p) => p).filter((p) => !taken.has(p) && !keeps(p));
  return Int32Array.from({ length: ñ }, (_, q) => sources.get(q) ?? (keeps(q) ? q : (spare.pop() as number)));
}
