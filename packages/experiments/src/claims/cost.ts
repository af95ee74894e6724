import { blockPermutation, hiddenWidth } from "@lodo/preconditioner";
import { array, createRng, normal, portable } from "@lodo/tensor";
import fc from "fast-check";
import { seeds } from "./apparatus/cases.ts";
import { countedProduct } from "./apparatus/countedProduct.ts";
import { type Claim, defineClaim, equalityMargin } from "./claim.ts";

interface Case {
  /** Number of dimensions, from 10² to 10⁶. */
  readonly n: number;
  /** Number of dimensions where every multiplication is counted. */
  readonly few: number;
  readonly k: number;
  readonly seed: number;
}

/** Multiplications that one application takes: what the architecture publishes, as a function of n, N and k. */
type Subject = (n: number, N: number, k: number) => number;

const published: Subject = (n, N, k) => blockPermutation.cost({ dim: n }, { depth: N, blockSize: k }).multiplyAdds;

/** ⌈log_k ñ⌉: the least depth at which every input can reach every output. */
export function leastDepth(ñ: number, k: number): number {
  let depth = 0;
  for (let reach = 1; reach < ñ; reach *= k) depth++;
  return depth;
}

export const cost: Claim = defineClaim<Case, Subject>({
  id: "cost",
  reference: "Section 3",
  statement:
    "With N = ⌈log_k ñ⌉ layers one application of G takes O(n log n) multiplications: at most 6 k n log_k(3 k n) + n for n ≥ k, and exactly 2 N ñ k + n, counted one by one.",
  status: "argued",
  cases: fc.record({
    // Even in the exponent, so that every order of magnitude is tried.
    n: fc.double({ min: 2, max: 6, noNaN: true }).map((exponent) => Math.round(portable.pow(10, exponent))),
    few: fc.integer({ min: 1, max: 24 }),
    k: fc.integer({ min: 2, max: 9 }),
    seed: seeds,
  }),
  runs: 100,
  subject: published,
  wrong: {
    "blocks as wide as the hidden units": (n, N, k) => published(n, N, hiddenWidth(n, k)),
    "as many layers as dimensions": (n, _, k) => published(n, n, k),
    "a missing transpose: G̃ once": (n, N, k) => (published(n, N, k) - n) / 2 + n,
    "a missing factor k": (n, N, k) => published(n, N, k) / k,
  },
  margin({ n, few, k, seed }, multiplications) {
    const depthAt = (n: number): number => leastDepth(hiddenWidth(n, k), k);
    // ñ ≤ 2n + k ≤ 3n and N < log_k ñ + 1 ≤ log_k 3kn, so 2 N ñ k + n < 6 k n log_k 3kn + n
    const bound = (6 * k * n * portable.log(3 * k * n)) / portable.log(k) + n;
    const growth = 1 - multiplications(n, depthAt(n), k) / bound;

    const rng = createRng(seed);
    const [N, α0] = [depthAt(few), 0.5];
    const G = blockPermutation({ dim: few, rng, depth: N, blockSize: k, alpha0: α0 });
    const θ = normal(rng, G.init(rng).shape) as ReturnType<typeof G.init>;
    const vector = normal(rng, [few]);
    const v = [...array(vector)];
    const counted = countedProduct(θ, G.fixed["permutations"] as readonly Int32Array[], α0, v);
    const same = counted.multiplications === multiplications(few, N, k) ? 1 : Number.NEGATIVE_INFINITY;
    // What was counted is G v: sums of k products, 2 N layers deep, each of normal blocks, which lengthen a vector by √k and hardly ever by √(2k).
    const Gv = array(G.at(θ).apply(vector));
    const error = counted.product.reduce((worst, x, i) => Math.max(worst, Math.abs(x - (Gv[i] as number))), 0);
    const size = α0 * k ** N * 2 ** N * Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
    return Math.min(growth, same, equalityMargin(error, 2 * (N * k + 2) * 2 ** -48 * size));
  },
});
