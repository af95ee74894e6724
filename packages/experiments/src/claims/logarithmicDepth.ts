import { createRng, permutation, portable } from "@lodo/tensor";
import fc from "fast-check";
import { boundMargin, sampleMean } from "./apparatus/bounds.ts";
import { seeds } from "./apparatus/cases.ts";
import { allSequences, distance, distributions, last, lazyShuffle } from "./apparatus/lazyShuffles.ts";
import { logFactorial, secondMoment } from "./apparatus/secondMoment.ts";
import { type Claim, defineClaim } from "./claim.ts";

interface Case {
  /** A width at which what is reached can be counted, and layers of a run. */
  readonly ñ: number;
  readonly M: number;
  /** A width at which only moments are computed. */
  readonly wide: number;
  readonly seed: number;
}

interface Subject {
  /** At most the probability that M layers miss a permutation given beforehand. */
  readonly missing: (ñ: number, M: number) => number;
  /** Layers that miss it with probability at most 2⁻ʲ/4. */
  readonly depth: (ñ: number, j: number) => number;
}

/** ⌈2 log₂ ñ⌉ */
function twiceLog2(ñ: number): number {
  let depth = 0;
  while (2 ** depth < ñ * ñ) depth++;
  return depth;
}

const subject: Subject = {
  missing(ñ, M) {
    const X = secondMoment(ñ, M);
    return X / (1 + X);
  },
  depth: (ñ, j) => twiceLog2(ñ) + 2 + j,
};

const draws = 200;

export const logarithmicDepth: Claim = defineClaim<Case, Subject>({
  id: "logarithmic-depth",
  reference: "equation (16)",
  statement:
    "That depth of order log ñ makes G̃ represent all networks at once does not follow from (15). Two units stay paired in all M layers with probability (ñ − 1)^{1−M} or more, so log ñ! − s(ñ, Mñ/2) ≥ (ñ − 1)^{1−M} log(ñ(ñ − 1)/2), and the bound is positive only where that is below 2/ñ!²: M above 1 + 2 log ñ!/log(ñ − 1), about 2ñ(1 − 1/log ñ) layers. So no c₁ e^{−c₂ m} bounds log ñ! − s(ñ, m) for all ñ, from which order log ñ would follow; a decay in m/ñ takes order log ñ! = ñ log ñ, as the factor ñ! has to be paid for. Counterexample: ñ = 8, M = 8 = ⌈2 log₂ ñ⌉ + 2, where (15) is below −50. What holds at logarithmic depth is the statement for each network by itself, chosen before the P's: every permutation is missed with the same probability, at most X/(1 + X), X = Σ f² (K/f)ᴹ as for the entropy, so without the factor ñ!; it is at most 2⁻ʲ/4 at M = ⌈2 log₂ ñ⌉ + 2 + j (computed up to ñ = 24).",
  status: "refuted-as-stated",
  cases: fc.record({
    ñ: fc.constantFrom(4, 6),
    M: fc.integer({ min: 2, max: 10 }),
    wide: fc.integer({ min: 3, max: 12 }).map((pairs) => 2 * pairs),
    seed: seeds,
  }),
  runs: 30,
  subject,
  wrong: {
    "a constant: half the depth": { ...subject, depth: (ñ, j) => (twiceLog2(ñ) + 2 + j) >> 1 },
    "depth that does not grow with ñ": { ...subject, depth: (_, j) => 8 + j },
    "a constant: 1/ñ! of what is missed": { ...subject, missing: (ñ, M) => subject.missing(ñ, M) / portable.exp(logFactorial(ñ)) },
  },
  margin({ ñ, M, wide, seed }, { missing, depth }) {
    const rng = createRng(seed);
    const missed = Array.from({ length: draws }, () => 1 - reachedBy(Array.from({ length: M }, () => permutation(rng, ñ))));
    const { mean, error } = sampleMean(missed);
    return Math.min(
      boundMargin(mean - 6 * error, missing(ñ, M)),
      ...[0, 1, 2, 3].map((j) => boundMargin(subject.missing(wide, depth(wide, j)), 2 ** -j / 4)),
      // At that depth (15) is not positive: ñ! √(½ (log ñ! − s)) ≥ 1.
      boundMargin(1, portable.exp(logFactorial(wide)) * Math.sqrt(leastGap(wide, twiceLog2(wide) + 2) / 2)),
      boundMargin(leastGap(ñ, 2), exactGap(ñ, 2)),
    );
  },
});

const reachedBy = (matchings: readonly Int32Array[]): number =>
  distance(last(distributions(lazyShuffle, matchings)) as Float64Array).reached;

/** A pair of the first block that is in all of the others, of which there are ñ(ñ − 1)/2 with as many arrangements each. */
const leastGap = (ñ: number, M: number): number => portable.pow(ñ - 1, 1 - M) * portable.log((ñ * (ñ - 1)) / 2);

/** log ñ! − s(ñ, M ñ/2), over all sequences. */
function exactGap(ñ: number, M: number): number {
  let [sum, count] = [0, 0];
  for (const matchings of allSequences(ñ, M)) {
    sum += distance(last(distributions(lazyShuffle, matchings)) as Float64Array).divergence;
    count++;
  }
  return sum / count;
}
