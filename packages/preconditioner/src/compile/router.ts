import { inverse } from "../permutations.ts";

/** For each layer, which of its blocks swap. */
export type Swaps = readonly Uint8Array[];

/**
 * Chooses swap or no swap in every 2×2 block, so that all layers together bring to unit q what unit target[q] held; null if it finds no choice.
 * Step (i) of Appendix C.
 */
export type Router = (target: Int32Array, permutations: readonly Int32Array[]) => Swaps | null;

/**
 * The same in coordinates where nothing moves by itself (equation (79)): a track is where a unit's content would go without any swap, so a layer's
 * blocks are a perfect matching of tracks, and a swap exchanges what two tracks hold.
 */
export interface Tracks {
  /** For each layer the tracks in the order of its blocks: those at 2j and 2j + 1 may be exchanged. */
  readonly matchings: readonly Int32Array[];
  /** Which track's first content each track is to hold at the end. */
  readonly wanted: Int32Array;
}

export function tracksOf(target: Int32Array, permutations: readonly Int32Array[]): Tracks {
  let at = Int32Array.from(target, (_, t) => t);
  const matchings = permutations.map((P) => {
    at = P.map((p) => at[p] as number);
    return at;
  });
  const place = inverse(at);
  return { matchings, wanted: Int32Array.from(target, (_, t) => target[place[t] as number] as number) };
}

export const noSwaps = (matchings: readonly Int32Array[]): Swaps => matchings.map(({ length }) => new Uint8Array(length / 2));
