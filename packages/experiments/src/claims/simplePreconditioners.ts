import {
  blockPermutation,
  chain,
  compileNetwork,
  dense,
  hiddenWidth,
  type Layers,
  layersEnough,
  type SparseMatrix,
  splittingRouter,
} from "@lodo/preconditioner";
import { array, createRng, normal, permutation, type Rng } from "@lodo/tensor";
import fc from "fast-check";
import { seeds } from "./apparatus/cases.ts";
import { lowRankNetwork, projectionNetwork } from "./apparatus/lowRankNetworks.ts";
import { largestDifference, type Rows, rowsOf } from "./apparatus/plainMatrices.ts";
import { type Claim, defineClaim, equalityMargin } from "./claim.ts";

interface Case {
  readonly n: number;
  readonly rank: number;
  readonly alpha0: number;
  readonly seed: number;
}

/** The linear networks that are compiled. */
interface Subject {
  /** diag(d) */
  readonly diagonal: (d: readonly number[]) => readonly SparseMatrix[];
  /** A network whose Gram matrix, times α₀, is diag(d), for d ≥ 0. */
  readonly rootOfDiagonal: (d: readonly number[], alpha0: number) => readonly SparseMatrix[];
  /** U Vᵀ, of n-dimensional columns */
  readonly lowRank: (U: Rows, V: Rows) => readonly SparseMatrix[];
  /** A network whose Gram matrix, times α₀, is U Uᵀ. */
  readonly rootOfLowRank: (U: Rows, alpha0: number) => readonly SparseMatrix[];
}

const diagonal = (d: readonly number[]): readonly SparseMatrix[] => [
  { rows: d.length, cols: d.length, connections: d.map((weight, i) => ({ to: i, from: i, weight })) },
];

const subject: Subject = {
  diagonal,
  rootOfDiagonal: (d, α0) => diagonal(d.map((dᵢ) => Math.sqrt(dᵢ / α0))),
  lowRank: lowRankNetwork,
  rootOfLowRank: (U, α0) => projectionNetwork(U.map((u) => u.map((uᵢ) => uᵢ / Math.sqrt(α0)))),
};

export const simplePreconditioners: Claim = defineClaim<Case, Subject>({
  id: "simple-preconditioners",
  reference: "Section 4.3",
  statement:
    "That the parameterization of G contains scalar, diagonal and low-rank preconditioners holds of G̃, not of G: G = α₀ Eᵀ G̃ᵀ G̃ E is a Gram matrix, its diagonal is never negative, and so −1 is no G of any θ and diag(1, −1) neither. What holds: as G̃, every scalar and diagonal by one run of permutations, and every U Vᵀ of rank r by a network of depth 2r, for r ≤ ñ − 2n + 2 (4 at the default width); as G, every non-negative scalar and diagonal and every U Uᵀ. Dense columns have fans of n, so rank r takes up to 2r(⌈log₂ n⌉ + 1) + 1 runs, each of order log n layers: through the theorem a factor log² n over the r n numbers of U, not log n.",
  status: "refuted-as-stated",
  cases: fc.record({
    n: fc.integer({ min: 1, max: 5 }),
    rank: fc.integer({ min: 1, max: 4 }),
    alpha0: fc.constantFrom(0.25, 0.5, 1, 3),
    seed: seeds,
  }),
  runs: 24,
  subject,
  wrong: {
    "a missing transpose: V Uᵀ": { ...subject, lowRank: (U, V) => lowRankNetwork(V, U) },
    "a wrong α: 1 in place of α₀": { ...subject, rootOfDiagonal: (d) => subject.rootOfDiagonal(d, 1) },
    "no square root": { ...subject, rootOfDiagonal: (d, α0) => diagonal(d.map((dᵢ) => dᵢ / α0)) },
    "a sign: −d": { ...subject, diagonal: (d) => diagonal(d.map((dᵢ) => -dᵢ)) },
    "one rank too few": { ...subject, rootOfLowRank: (U, α0) => subject.rootOfLowRank([...U.slice(0, -1), U[0]?.map(() => 0) ?? []], α0) },
  },
  margin({ n, rank: r, alpha0, seed }, { diagonal, rootOfDiagonal, lowRank, rootOfLowRank }) {
    const rng = createRng(seed);
    const columns = (): Rows => rowsOf(r, n, () => rng.normal());
    const [U, V] = [columns(), columns()];
    const d = Array.from({ length: n }, () => rng.normal());
    const positive = d.map((dᵢ, i) => (i === 0 ? 0 : Math.abs(dᵢ)));
    const diag = (d: readonly number[]): Rows => rowsOf(n, n, (i, j) => (i === j ? (d[i] as number) : 0));
    const outer = (U: Rows, V: Rows): Rows =>
      rowsOf(n, n, (i, j) => U.reduce((sum, u, k) => sum + (u[i] as number) * (V[k]?.[j] as number), 0));
    const c = rng.normal();
    const scalar = Array.from({ length: n }, () => c);
    const pairs: readonly (readonly [ArrayLike<number>, Rows])[] = [
      [asG̃(n, diagonal(d), rng), diag(d)],
      [asG̃(n, diagonal(scalar), rng), diag(scalar)],
      [asG̃(n, lowRank(U, V), rng), outer(U, V)],
      [asG(n, rootOfDiagonal(positive, alpha0), alpha0, rng), diag(positive)],
      [asG(n, rootOfLowRank(U, alpha0), alpha0, rng), outer(U, U)],
    ];
    return Math.min(
      // Sums of at most 5 products of a few weights, in another order.
      ...pairs.map(([A, expected]) => equalityMargin(largestDifference(A, expected), 1e-12)),
      neverNegative(n, alpha0, rng),
    );
  },
});

function compiled(n: number, network: readonly SparseMatrix[], rng: Rng): { readonly P: readonly Int32Array[]; readonly θ: Layers } {
  const ñ = hiddenWidth(n, 2);
  // Fans of up to 5 in one direction and 2 in the other.
  const runs = network.length * 4 + 1;
  const P = Array.from({ length: layersEnough(ñ, runs, 1e-8) }, () => permutation(rng, ñ));
  return { P, θ: compileNetwork(network, P, { router: splittingRouter() }).theta };
}

/** The corner [n, n] of G̃, where E has its image. */
function asG̃(n: number, network: readonly SparseMatrix[], rng: Rng): readonly number[] {
  const { P, θ } = compiled(n, network, rng);
  const ñ = hiddenWidth(n, 2);
  return Array.from(array(dense(chain(P, θ)))).filter((_, i) => i % ñ < n && i < n * ñ);
}

/** G(θ) of the preconditioner itself. */
function asG(n: number, network: readonly SparseMatrix[], alpha0: number, rng: Rng): ArrayLike<number> {
  const { P, θ } = compiled(n, network, rng);
  return array(dense(blockPermutation({ dim: n, blockSize: 2, depth: P.length, alpha0, permutations: P }).at(θ)));
}

/** The counterexample: (G)ᵢᵢ = α₀ ‖G̃ E eᵢ‖² at a random θ, so no diagonal with a negative entry is met. */
function neverNegative(n: number, alpha0: number, rng: Rng): number {
  const G = blockPermutation({ dim: n, blockSize: 2, depth: 4, alpha0, rng });
  const entries = array(dense(G.at(normal(rng, [4, hiddenWidth(n, 2) / 2, 2, 2]))));
  return Array.from({ length: n }, (_, i) => entries[i * n + i] as number).every((Gᵢᵢ) => Gᵢᵢ >= 0) ? 1 : -1;
}
