import { tracksOf } from "./router.ts";

/** The content of a unit that is wanted in another. */
export interface Move {
  readonly from: number;
  readonly to: number;
}

/**
 * A move that a target asks for and that these layers cannot make, as no chain of their blocks joins the two; null if there is none. With one, no router
 * can do; without, there may still be too few layers.
 */
export function outOfReach(target: Int32Array, permutations: readonly Int32Array[]): Move | null {
  const { matchings, wanted } = tracksOf(target, permutations);
  const group = Int32Array.from(target, (_, t) => t);
  for (const tracks of matchings) {
    for (let pair = 0; pair < tracks.length; pair += 2) {
      const [a, b] = [group[tracks[pair] as number] as number, group[tracks[pair + 1] as number] as number];
      if (a !== b) for (const [t, g] of group.entries()) if (g === b) group[t] = a;
    }
  }
  const from = wanted.find((source, t) => group[source] !== group[t]);
  return from === undefined ? null : { from, to: target.indexOf(from) };
}
