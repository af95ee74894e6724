import { blockPermutation, dense, type Layers, type Preconditioner } from "@lodo/preconditioner";
import { add, array, createRng, normal, type Rng, scale } from "@lodo/tensor";
import { type CaseData, type CaseSource, norm2 } from "@lodo/testkit";
import fc from "fast-check";

/** A block-permutation preconditioner with θ away from its start. */
export interface StructuredData extends CaseData {
  readonly n: number;
  readonly k: number;
  readonly N: number;
  /** How far each entry of a block is moved, in standard deviations of an entry of an orthogonal block. */
  readonly distance: number;
}

export interface Structured {
  readonly n: number;
  readonly k: number;
  readonly N: number;
  /** α₀ ≤ 1 makes ‖G(θ)‖_F at most 1, so that steps on a quadratic of norm 1 do not diverge; `init` gives θ. */
  readonly G: Preconditioner<Layers>;
  readonly θ: Layers;
  readonly rng: Rng;
}

export function structured({ n, k, N, distance, seed }: StructuredData): Structured {
  const rng = createRng(seed);
  const make = (alpha0: number): Preconditioner<Layers> =>
    blockPermutation({ dim: n, blockSize: k, depth: N, alpha0, rng: rng.split("structure") });
  const start = make(1).init(rng.split("start"));
  const θ = add(start, scale(distance / Math.sqrt(k), normal(rng.split("theta"), start.shape)));
  const size = norm2(array(dense(make(1).at(θ))));
  return { n, k, N, θ, rng, G: { ...make(Math.min(1, 1 / size)), init: () => θ } };
}

const drawn = {
  n: fc.integer({ min: 1, max: 8 }),
  k: fc.integer({ min: 1, max: 5 }),
  N: fc.integer({ min: 0, max: 5 }),
  distance: fc.constantFrom(0.1, 0.3, 1),
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
};

/** Sizes at which something is special: one dimension, no layer, one block, a block larger than n, odd n. */
const edges: readonly StructuredData[] = [
  { n: 1, k: 1, N: 1, distance: 0.3, seed: 1 },
  { n: 4, k: 2, N: 0, distance: 0.3, seed: 2 },
  { n: 1, k: 3, N: 2, distance: 0.3, seed: 3 },
  { n: 2, k: 5, N: 3, distance: 1, seed: 4 },
  { n: 5, k: 4, N: 4, distance: 0.1, seed: 5 },
];

/** Cases of a law on structured preconditioners, with more about each. */
export const structuredCases = <More extends Record<string, unknown>, Case>(
  name: string,
  more: { readonly [K in keyof More]: fc.Arbitrary<More[K]> },
  usual: More,
  build: (data: StructuredData & More) => Case,
): CaseSource<StructuredData & More, Case> => ({
  name,
  data: fc.record({ ...drawn, ...more }) as unknown as fc.Arbitrary<StructuredData & More>,
  edges: edges.map((edge) => ({ ...edge, ...usual })),
  build,
});
