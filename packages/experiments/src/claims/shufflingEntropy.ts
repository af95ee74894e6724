import { createRng, portable } from "@lodo/tensor";
import fc from "fast-check";
import { boundMargin, sampleMean } from "./apparatus/bounds.ts";
import { seeds } from "./apparatus/cases.ts";
import { allSequences, distance, distributions, type LazyShuffle, last, lazyShuffle, sequence } from "./apparatus/lazyShuffles.ts";
import { logFactorial, secondMoment } from "./apparatus/secondMoment.ts";
import { type Claim, defineClaim, equalityMargin } from "./claim.ts";

interface Case {
  readonly ñ: number;
  /** Blocks of ñ/2 transpositions. */
  readonly M: number;
  readonly seed: number;
}

/** A t statistic of 23 degrees of freedom passes 6 with probability 2e-6, and the bound leaves room besides. */
const draws = 24;

/** Entropies of sums of up to 8! terms of one sign, by two ways of adding: about √(8!) ε log 8!, with room. */
const rounding = 1e-11;

export const shufflingEntropy: Claim = defineClaim<Case, LazyShuffle>({
  id: "shuffling-entropy",
  reference: "Definition 4.1 and the hypothesis after Theorem 4.2",
  statement:
    "s(ñ, m) is m log 2 up to m = ñ/2, never decreases in m and is at most log ñ!. The hypothesis that log ñ! − s(ñ, m) decays exponentially in m/ñ holds as a bound that can be proved: after M blocks it is at most log(1 + X), where X = Σ f² (K/f)ᴹ is exactly the mean of ñ! Σ p² − 1 (over the non-trivial irreducible representations of the symmetric group, of dimension f, K of them invariant under ñ/2 disjoint transpositions). That is a sum of exponentials, of which the slowest halves at each block as ñ grows: e^{−2 log 2 · m/ñ}. Fitted from block ñ/2 + 1 on: 3.7 e^{−1.49 m/ñ} at ñ = 4, 38 e^{−1.98 m/ñ} at 6, 82 e^{−1.89 m/ñ} at 8, with residuals of 5% (at most 11%); not from the first block on, where residuals reach a factor of 2.",
  status: "argued",
  cases: fc.record({ ñ: fc.constantFrom(4, 6, 8), M: fc.integer({ min: 2, max: 8 }), seed: seeds }),
  runs: 18,
  subject: lazyShuffle,
  wrong: {
    "the same matching in every block": { ...lazyShuffle, matching: (_, ñ) => Int32Array.from({ length: ñ }, (_, i) => i) },
    "no transposition replaced by the identity": {
      ...lazyShuffle,
      after: (p, exchange) => p.map((_, π) => p[exchange[π] as number] as number),
    },
    "the identity with probability ⅔": {
      ...lazyShuffle,
      after: (p, exchange) => p.map((mass, π) => (2 / 3) * mass + (1 / 3) * (p[exchange[π] as number] as number)),
    },
    "entropy in bits": { ...lazyShuffle, entropy: (p) => lazyShuffle.entropy(p) / portable.log(2) },
    "a sign: −s": { ...lazyShuffle, entropy: (p) => -lazyShuffle.entropy(p) },
  },
  margin({ ñ, M, seed }, shuffle) {
    const rng = createRng(seed);
    const first = sequence(shuffle, rng, ñ, M);
    return Math.min(
      ...lawsOfEntropy(shuffle, first),
      equalityMargin(Math.abs(entropyAfter(shuffle, first, 8) - enumeratedEntropy(first, 8)), rounding),
      boundedDecay(shuffle, first, () => sequence(shuffle, rng, ñ, M)),
      ...(ñ < 8 ? [exactMoment(shuffle, ñ, 2)] : []),
    );
  },
});

function lawsOfEntropy(shuffle: LazyShuffle, matchings: readonly Int32Array[]): readonly number[] {
  const ñ = (matchings[0] as Int32Array).length;
  const s = Array.from(distributions(shuffle, matchings), shuffle.entropy);
  const fall = Math.max(...s.map((sₘ, i) => (s[i - 1] ?? 0) - sₘ));
  const firstBlock = s.slice(0, ñ / 2).map((sₘ, i) => Math.abs(sₘ - (i + 1) * portable.log(2)));
  return [
    equalityMargin(Math.max(0, fall), rounding),
    equalityMargin(Math.max(...firstBlock), rounding),
    equalityMargin(Math.max(0, ...s.map((sₘ) => sₘ - logFactorial(ñ))), rounding),
  ];
}

const entropyAfter = (shuffle: LazyShuffle, matchings: readonly Int32Array[], m: number): number =>
  Array.from(distributions(shuffle, matchings), shuffle.entropy)[
    Math.min(m, matchings.length * ((matchings[0] as Int32Array).length / 2)) - 1
  ] as number;

/** The entropy after m transpositions by the definition: every one of 2ᵐ choices, composed on plain arrays. */
function enumeratedEntropy(matchings: readonly Int32Array[], most: number): number {
  const ñ = (matchings[0] as Int32Array).length;
  const pairs = matchings.flatMap((order) => Array.from({ length: ñ / 2 }, (_, j) => [order[2 * j], order[2 * j + 1]] as [number, number]));
  const m = Math.min(most, pairs.length);
  const counts = new Map<string, number>();
  for (let choice = 0; choice < 2 ** m; choice++) {
    const held = Array.from({ length: ñ }, (_, i) => i);
    for (const [i, [a, b]] of pairs.slice(0, m).entries()) {
      if ((choice >> i) & 1) [held[a], held[b]] = [held[b] as number, held[a] as number];
    }
    const key = held.join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts.values()].reduce((s, count) => s - (count / 2 ** m) * portable.log(count / 2 ** m), 0);
}

/** log ñ! − s(ñ, M ñ/2) ≤ log(1 + X), by the mean over sequences less six standard errors. */
function boundedDecay(shuffle: LazyShuffle, first: readonly Int32Array[], draw: () => readonly Int32Array[]): number {
  const [ñ, M] = [(first[0] as Int32Array).length, first.length];
  const gaps = Array.from({ length: draws }, (_, i) => {
    const p = last(distributions(shuffle, i === 0 ? first : draw())) as Float64Array;
    return distance(p).divergence;
  });
  const { mean, error } = sampleMean(gaps);
  return boundMargin(mean - 6 * error, portable.log(1 + secondMoment(ñ, M)));
}

/** E[ñ! Σ p² − 1] = X over all sequences of M blocks: as many roundings as sequences, each of about ε X. */
function exactMoment(shuffle: LazyShuffle, ñ: number, M: number): number {
  let [sum, count] = [0, 0];
  for (const matchings of allSequences(ñ, M)) {
    sum += distance(last(distributions(shuffle, matchings)) as Float64Array).chiSquared;
    count++;
  }
  const X = secondMoment(ñ, M);
  return equalityMargin(Math.abs(sum / count - X) / X, 1e-12);
}
