import { exactRouter, type Router, symmetricGroup } from "@lodo/preconditioner";
import { createRng, permutation, portable } from "@lodo/tensor";
import fc from "fast-check";
import { boundMargin, sampleMean } from "./apparatus/bounds.ts";
import { seeds } from "./apparatus/cases.ts";
import { type Distance, distance, distributions, last, lazyShuffle } from "./apparatus/lazyShuffles.ts";
import { performs } from "./apparatus/routing.ts";
import { logFactorial, secondMoment } from "./apparatus/secondMoment.ts";
import { type Claim, defineClaim, equalityMargin } from "./claim.ts";

interface Case {
  readonly ñ: number;
  /** Layers of the run. */
  readonly M: number;
  readonly seed: number;
}

interface Subject {
  /** Chooses the swaps that perform a target. */
  readonly route: Router;
  /** At most the probability that some target is out of reach, from log ñ! − s. */
  readonly missing: (ñ: number, gap: number) => number;
}

const subject: Subject = {
  route: exactRouter,
  // (80)–(82)
  missing: (ñ, gap) => portable.exp(logFactorial(ñ)) * Math.sqrt(gap / 2),
};

/** Sequences a case: fewer where there are 8! arrangements. */
const draws = (ñ: number): number => (ñ < 8 ? 200 : 12);

export const permutationReach: Claim = defineClaim<Case, Subject>({
  id: "permutation-reach",
  reference: "Theorem 4.2, first part; equations (79)–(82)",
  statement:
    "Swap or no swap in every 2×2 block of M layers is a lazy shuffle by random matchings (79), and reaches every permutation with probability at least 1 − ñ! √(½ (log ñ! − s(ñ, Mñ/2))). The bound is far from sharp: it is positive from M = 10 at ñ = 4 and from about 17 at ñ = 6, where half of all draws reach everything by M = 4 and 6.",
  status: "proved",
  cases: fc.record({
    ñ: fc.constantFrom(2, 4, 4, 4, 6, 6, 6, 8),
    M: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 9, max: 24 })),
    seed: seeds,
  }),
  runs: 30,
  subject,
  wrong: {
    "the inverse of the target": {
      ...subject,
      route: (target, P) =>
        exactRouter(
          target.map((_, i) => target.indexOf(i)),
          P,
        ),
    },
    "a layer left out": { ...subject, route: (target, P) => exactRouter(target, P.slice(1)) },
    "a constant: without ñ!": { ...subject, missing: (_, gap) => Math.sqrt(gap / 2) },
  },
  margin({ ñ, M, seed }, { route, missing }) {
    const rng = createRng(seed);
    const layers = (ñ: number, M: number): readonly Int32Array[] => Array.from({ length: M }, () => permutation(rng, ñ));
    const sample = (ñ: number, M: number): readonly Distance[] => Array.from({ length: draws(ñ) }, () => distance(shuffled(layers(ñ, M))));
    const distances = sample(ñ, M);
    const tooFew = sample(6, 4);
    const targets = Array.from({ length: 4 }, () => permutation(rng, ñ));
    return Math.min(
      ...distances.map(eachSequence),
      ...targets.map((target) => routing(route, layers(ñ, M), target)),
      everything(distances, missing(ñ, largestGap(distances, ñ, M))),
      // Most draws miss something here, so a bound that promises more than the theorem's is seen to be wrong.
      everything(tooFew, missing(6, largestGap(tooFew, 6, 4))),
    );
  },
});

/** log ñ! − s: at most what is sampled and six standard errors, and at most its closed bound. */
function largestGap(distances: readonly Distance[], ñ: number, M: number): number {
  const { mean, error } = sampleMean(distances.map(({ divergence }) => divergence));
  return Math.min(mean + 6 * error, portable.log(1 + secondMoment(ñ, M)));
}

/** What holds sequence by sequence: Pinsker's inequality on what is missed, and Cauchy–Schwarz on what is reached, 1 ≤ |S| Σ p². */
const eachSequence = ({ divergence, chiSquared, reached }: Distance): number =>
  Math.min(boundMargin(1 - reached, Math.sqrt(divergence / 2) + 1e-9), equalityMargin(Math.max(0, 1 - (1 + chiSquared) * reached), 1e-9));

/** A target is reached where the shuffle gives it positive probability, and the swaps chosen then do perform it. */
function routing(route: Router, P: readonly Int32Array[], target: Int32Array): number {
  const { order, p } = { order: orders(P).at(-1) as Int32Array, p: shuffled(P) };
  const wanted = new Int32Array(target.length);
  for (const [q, track] of order.entries()) wanted[track] = target[q] as number;
  const possible = (p[symmetricGroup(target.length).rank(wanted)] as number) > 0;
  const swaps = route(target, P);
  if (!swaps || !possible) return Boolean(swaps) === possible ? 1 : -1;
  return performs(P, swaps, target) ? 1 : -1;
}

/** Where the contents of each layer's units would have come from without swaps: P₁, P₁P₂, … in the words of (79). */
function orders(P: readonly Int32Array[]): readonly Int32Array[] {
  let order: Int32Array | undefined;
  return P.map((Pᵢ) => {
    const before = order;
    order = before ? Pᵢ.map((from) => before[from] as number) : Pᵢ;
    return order;
  });
}

const shuffled = (P: readonly Int32Array[]): Float64Array => last(distributions(lazyShuffle, orders(P))) as Float64Array;

/** Draws that miss something, within the bound and six standard errors of a proportion. */
function everything(distances: readonly Distance[], missing: number): number {
  if (missing >= 1) return 1;
  const missed = distances.filter(({ reached }) => reached < 1).length / distances.length;
  return boundMargin(missed, missing + 6 * Math.sqrt((missing * (1 - missing)) / distances.length) + 1e-9);
}
