import { ArgumentError, permutation, type Rng } from "@lodo/tensor";
import { checkPermutation } from "./atoms.ts";

/** The permutation that undoes p: inverse[p[i]] = i. */
export function inverse(p: Int32Array): Int32Array {
  const q = new Int32Array(p.length);
  for (const [i, j] of p.entries()) q[j] = i;
  return q;
}

/** N independent permutations of ñ units, uniformly random. @throws ArgumentError without an rng. */
export function uniformPermutations(op: string, rng: Rng | undefined, N: number, ñ: number): readonly Int32Array[] {
  if (!rng) throw new ArgumentError(op, "needs an rng to draw permutations from, or explicit permutations");
  return Array.from({ length: N }, () => permutation(rng, ñ));
}

/** @throws ArgumentError or ShapeError unless these are N permutations of ñ units. */
export function checkPermutations(op: string, permutations: readonly Int32Array[], N: number, ñ: number): void {
  if (permutations.length !== N) throw new ArgumentError(op, `expected ${N} permutations (depth), got ${permutations.length}`);
  for (const P of permutations) checkPermutation(op, P, ñ);
}

/**
 * The k-way perfect shuffle of ñ = k·b units, y[k·j + i] = x[b·i + j]: units b apart come to stand side by side. Where ñ is a power of k, log_k ñ
 * of them bring every digit of the index once to the last place, as the stages of a fast Fourier transform do.
 */
export function perfectShuffle(ñ: number, k: number): Int32Array {
  const b = ñ / k;
  return Int32Array.from({ length: ñ }, (_, p) => b * (p % k) + Math.floor(p / k));
}

/** Orders 2ᴸ units so that those whose indices differ in bit l stand side by side. */
export function pairsAtBit(L: number, l: number): Int32Array {
  return Int32Array.from({ length: 2 ** L }, (_, p) => {
    const [pair, bit] = [p >> 1, p & 1];
    const low = pair & (2 ** l - 1);
    return ((pair - low) << 1) | (bit << l) | low;
  });
}

/** What brings units from one order into another: each order says which unit stands at each place. */
export function reorder(from: Int32Array, to: Int32Array): Int32Array {
  const place = inverse(from);
  return to.map((unit) => place[unit] as number);
}
