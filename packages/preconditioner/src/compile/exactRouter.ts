import { noSwaps, type Router, tracksOf } from "./router.ts";
import { symmetricGroup } from "./symmetricGroup.ts";

/**
 * Finds a choice of swaps wherever there is one, up to 8 units: the set of arrangements that the first layers can reach grows swap by swap, and the
 * way to the target is read backwards from the sets. Swaps as early as it can.
 * @throws ArgumentError above 8 units.
 */
export const exactRouter: Router = (target, permutations) => {
  const group = symmetricGroup(target.length);
  const { matchings, wanted } = tracksOf(target, permutations);
  const goal = group.rank(wanted);
  const before: { readonly set: Uint8Array; readonly layer: number; readonly pair: number; readonly exchange: Uint16Array }[] = [];
  let set: Uint8Array = new Uint8Array(group.order);
  set[group.rank(wanted.map((_, t) => t))] = 1;
  for (const [layer, tracks] of matchings.entries()) {
    if (set[goal] === 1) break;
    for (let pair = 0; 2 * pair < tracks.length; pair++) {
      const exchange = group.exchange(tracks[2 * pair] as number, tracks[2 * pair + 1] as number);
      before.push({ set, layer, pair, exchange });
      set = withExchange(set, exchange);
    }
  }
  if (set[goal] !== 1) return null;
  const swaps = noSwaps(matchings);
  let at = goal;
  for (const step of before.reverse()) {
    if (step.set[at] === 1) continue;
    (swaps[step.layer] as Uint8Array)[step.pair] = 1;
    at = step.exchange[at] as number;
  }
  return swaps;
};

/** What is reached when one more exchange may be made or not. */
export function withExchange(set: Uint8Array, exchange: Uint16Array): Uint8Array {
  const reached = new Uint8Array(set.length);
  for (let s = 0; s < set.length; s++) reached[s] = (set[s] as number) | (set[exchange[s] as number] as number);
  return reached;
}
