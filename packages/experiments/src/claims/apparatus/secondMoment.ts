import { portable } from "@lodo/tensor";

/**
 * What Definition 4.1 leaves to be shuffled, in closed form. Let p be the distribution after M blocks. A block with its choices is the projection of
 * the group algebra onto what is invariant under its ñ/2 transpositions; its average over matchings commutes with the group, and so is a number
 * c_ρ = K_ρ/f_ρ on each irreducible representation ρ, where f_ρ is the dimension and K_ρ, a Kostka number, that of its invariants. Hence exactly
 *
 *     X(ñ, M) = E[ñ! Σ p² − 1] = Σ_{ρ ≠ trivial} f_ρ² c_ρᴹ,   and   log ñ! − s(ñ, M ñ/2) ≤ log(1 + X(ñ, M)) by Jensen's inequality.
 *
 * (Sagan, "The Symmetric Group", 2001, for Young's rule.)
 */
export function secondMoment(ñ: number, M: number): number {
  return representations(ñ).reduce((X, { f, K }) => X + f * f * portable.pow(K / f, M), 0);
}

/** The largest c_ρ, which the decay comes to in the end. */
export const slowestFactor = (ñ: number): number => Math.max(0, ...representations(ñ).map(({ f, K }) => K / f));

interface Representation {
  /** Dimension. */
  readonly f: number;
  /** Dimension of what ñ/2 disjoint transpositions leave invariant. */
  readonly K: number;
}

const known = new Map<number, readonly Representation[]>();

/** The non-trivial ones with invariants: of others c_ρ = 0. */
function representations(ñ: number): readonly Representation[] {
  const made =
    known.get(ñ) ??
    [...kostkaNumbers(ñ)].filter(([, { shape }]) => shape.length > 1).map(([, { shape, K }]) => ({ f: dimension(shape), K }));
  known.set(ñ, made);
  return made;
}

interface Counted {
  readonly shape: readonly number[];
  readonly K: number;
}

/** Semistandard tableaux with two of each number, by shape: each number adds two cells, no two of them in one column (Pieri's rule). */
function kostkaNumbers(ñ: number): ReadonlyMap<string, Counted> {
  let counts = new Map<string, Counted>([["", { shape: [], K: 1 }]]);
  for (let number = 0; number < ñ / 2; number++) {
    const next = new Map<string, Counted>();
    for (const { shape, K } of counts.values()) {
      for (const grown of horizontalPairs(shape)) {
        const key = grown.join();
        next.set(key, { shape: grown, K: K + (next.get(key)?.K ?? 0) });
      }
    }
    counts = next;
  }
  return counts;
}

function horizontalPairs(shape: readonly number[]): readonly (readonly number[])[] {
  const rows = [...shape, 0];
  return rows.flatMap((_, i) =>
    rows.slice(i).flatMap((_, above) => {
      const j = i + above;
      const grown = rows.map((length, r) => length + Number(r === i) + Number(r === j));
      return grown.every((length, r) => r === 0 || length <= (rows[r - 1] as number)) ? [grown.filter((length) => length > 0)] : [];
    }),
  );
}

/** The hook length formula: f = ñ! / Π hooks, with factors taken in turn, so that nothing overflows. */
function dimension(shape: readonly number[]): number {
  let [f, cell] = [1, 1];
  for (const [r, length] of shape.entries()) {
    for (let c = 0; c < length; c++) {
      const leg = shape.filter((other, s) => s > r && other > c).length;
      f *= cell++ / (length - c + leg);
    }
  }
  return Math.round(f);
}

/** log n! */
export function logFactorial(n: number): number {
  let sum = 0;
  for (let i = 2; i <= n; i++) sum += portable.log(i);
  return sum;
}
