import { type CompiledNetwork, chain, compileNetwork, dense, layersEnough, type SparseMatrix } from "@lodo/preconditioner";
import { ArgumentError, array, createRng, permutation, transpose } from "@lodo/tensor";
import fc from "fast-check";
import { seeds } from "./apparatus/cases.ts";
import { largestDifference, productOf, randomSparse } from "./apparatus/plainMatrices.ts";
import { type Claim, defineClaim, equalityMargin } from "./claim.ts";

interface Case {
  /** Half of ñ. */
  readonly pairs: number;
  readonly κ: number;
  /** d */
  readonly depth: number;
  readonly seed: number;
}

type Subject = (network: readonly SparseMatrix[], permutations: readonly Int32Array[]) => CompiledNetwork;

const transposed = ({ rows, cols, connections }: SparseMatrix): SparseMatrix => ({
  rows: cols,
  cols: rows,
  connections: connections.map(({ to, from, weight }) => ({ to: from, from: to, weight })),
});

/** ⌈log₂ κ⌉ */
function doublings(κ: number): number {
  let rounds = 0;
  while (2 ** rounds < κ) rounds++;
  return rounds;
}

export const sparseNetworks: Claim = defineClaim<Case, Subject>({
  id: "sparse-networks",
  reference: "Theorem 4.2, second part; Figure 7",
  statement:
    "Every linear network of depth d with at most ñ connections a layer and fans of at most κ is G̃(θ) for some θ, once the permutations suffice: blocks that swap route each permutation, blocks that copy or add grow the trees between them. It needs an even ñ, as blocks are 2×2. The constant 2d(⌈log₂κ⌉ + 1) of runs can be made 2d⌈log₂κ⌉ + 1, because neighbouring permutations join; and layers enough for a guaranteed router, (ñ − 1) log((ñ − 1) runs/δ) a run, do with probability 1 − δ.",
  status: "proved",
  cases: fc.record({
    pairs: fc.integer({ min: 1, max: 12 }),
    κ: fc.integer({ min: 1, max: 5 }),
    depth: fc.integer({ min: 1, max: 3 }),
    seed: seeds,
  }),
  runs: 30,
  subject: compileNetwork,
  wrong: {
    "a missing transpose: of every matrix": (network, P) => compileNetwork(network.map(transposed), P),
    "fan-in and fan-out exchanged: blocks transposed": (network, P) => {
      const compiled = compileNetwork(network, P);
      return { ...compiled, theta: transpose(compiled.theta, [0, 1, 3, 2]) };
    },
    "matrices in the opposite order": (network, P) => compileNetwork(network.toReversed(), P),
    "permutations inverted": (network, P) =>
      compileNetwork(
        network,
        P.map((p) => p.map((_, i) => p.indexOf(i))),
      ),
    "no block swaps": (network, P) =>
      compileNetwork(network, P, { router: (_, layers) => layers.map(({ length }) => new Uint8Array(length / 2)) }),
    "a sign: of one weight": (network, P) =>
      compileNetwork(
        network.map((A, l) => (l > 0 ? A : { ...A, connections: A.connections.map((c, i) => (i > 0 ? c : { ...c, weight: -c.weight })) })),
        P,
      ),
  },
  margin({ pairs, κ, depth: d, seed }, compile) {
    const rng = createRng(seed);
    const ñ = 2 * pairs;
    const network = Array.from({ length: d }, () => randomSparse(rng, ñ, ñ, { most: ñ, κ }));
    const most = 2 * d * doublings(κ) + 1;
    // δ = 1e-8: not one failure in a million cases.
    const P = Array.from({ length: layersEnough(ñ, most, 1e-8) }, () => permutation(rng, ñ));
    const { theta, runs } = compile(network, P);
    return Math.min(
      // A few roundings a path: d weights and sums of at most κ terms, in another order.
      equalityMargin(largestDifference(array(dense(chain(P, theta))), productOf(network, ñ)), 1e-12),
      runs.length <= most ? 1 : -1,
      runs.length < 2 || refusesTooFew(compile, network, P.slice(0, runs.length - 1)) ? 1 : -1,
    );
  },
});

function refusesTooFew(compile: Subject, network: readonly SparseMatrix[], P: readonly Int32Array[]): boolean {
  try {
    compile(network, P);
    return false;
  } catch (error) {
    return error instanceof ArgumentError && /layers are not enough.*\d+ uniformly random ones would do/.test(error.message);
  }
}
