import { symmetricGroup } from "@lodo/preconditioner";
import { permutation, portable, type Rng } from "@lodo/tensor";

/**
 * Definition 4.1, with random sequences but exact choices. A matching is the order of the ñ elements in which neighbours at 2j and 2j + 1 are paired;
 * a distribution of arrangements is an array over their numbers in `symmetricGroup(ñ)`.
 */
export interface LazyShuffle {
  /** A block of ñ/2 commuting transpositions. */
  matching(rng: Rng, ñ: number): Int32Array;
  /** The distribution after one more transposition, which may be the identity. */
  after(p: Float64Array, exchange: Uint16Array): Float64Array;
  /** In nats. */
  entropy(p: Float64Array): number;
}

export const lazyShuffle: LazyShuffle = {
  matching: permutation,
  // p′(π) = ½ p(π) + ½ p(π τ)
  after(p, exchange) {
    const next = new Float64Array(p.length);
    for (let π = 0; π < p.length; π++) next[π] = 0.5 * (p[π] as number) + 0.5 * (p[exchange[π] as number] as number);
    return next;
  },
  entropy(p) {
    let s = 0;
    for (const mass of p) if (mass > 0) s -= mass * portable.log(mass);
    return s;
  },
};

/** A random sequence of M blocks. */
export const sequence = (shuffle: LazyShuffle, rng: Rng, ñ: number, M: number): readonly Int32Array[] =>
  Array.from({ length: M }, () => shuffle.matching(rng, ñ));

/** The distributions after each transposition of a sequence. */
export function* distributions({ after }: LazyShuffle, matchings: readonly Int32Array[]): Generator<Float64Array, void> {
  const ñ = (matchings[0] as Int32Array).length;
  const group = symmetricGroup(ñ);
  let p: Float64Array = new Float64Array(group.order);
  p[0] = 1;
  for (const order of matchings) {
    for (let j = 0; j < ñ; j += 2) {
      p = after(p, group.exchange(order[j] as number, order[j + 1] as number));
      yield p;
    }
  }
}

export function last<T>(items: Iterable<T>): T | undefined {
  let item: T | undefined;
  for (item of items);
  return item;
}

/** How far a distribution is from the uniform one, and how much of the group it reaches. */
export interface Distance {
  /** log ñ! − entropy */
  readonly divergence: number;
  /** ñ! Σ p² − 1 */
  readonly chiSquared: number;
  /** The part of all arrangements that has positive probability. */
  readonly reached: number;
}

export function distance(p: Float64Array): Distance {
  let [divergence, chiSquared, reached] = [0, 0, 0];
  for (const mass of p) {
    const u = mass * p.length;
    // Terms of equal sign in place of Σ u log u, whose terms cancel near the uniform distribution.
    divergence += u > 0 ? u * portable.log(u) - u + 1 : 1;
    chiSquared += (u - 1) ** 2;
    if (u > 0) reached++;
  }
  return { divergence: divergence / p.length, chiSquared: chiSquared / p.length, reached: reached / p.length };
}

/** All perfect matchings of ñ elements, (ñ − 1)!! of them. */
export function allMatchings(ñ: number): readonly Int32Array[] {
  const pairings = (left: readonly number[]): readonly (readonly number[])[] => {
    const [first, ...others] = left;
    if (first === undefined) return [[]];
    return others.flatMap((partner) => pairings(others.filter((e) => e !== partner)).map((rest) => [first, partner, ...rest]));
  };
  return pairings(Array.from({ length: ñ }, (_, e) => e)).map((order) => Int32Array.from(order));
}

/** All sequences of M blocks: the exact counterpart of drawing them. */
export function* allSequences(ñ: number, M: number): Generator<readonly Int32Array[], void> {
  const matchings = allMatchings(ñ);
  for (let number = 0; number < matchings.length ** M; number++) {
    let digits = number;
    yield Array.from({ length: M }, () => {
      const matching = matchings[digits % matchings.length] as Int32Array;
      digits = Math.floor(digits / matchings.length);
      return matching;
    });
  }
}
