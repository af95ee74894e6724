import { ArgumentError, portable } from "@lodo/tensor";
import { inverse } from "../permutations.ts";
import { noSwaps, type Router, type Swaps, tracksOf } from "./router.ts";

interface State {
  /** Where the content of each track is to go. */
  readonly destination: Int32Array;
  /** Transpositions still to do: tracks less cycles. */
  readonly left: number;
  readonly swaps: Uint8Array | null;
  readonly before: State | null;
}

/**
 * Swaps every matched pair that stands in one cycle of the permutation still to do, which splits the cycle. Where pairs cross, only some can be
 * split; `beam` states that took them in different orders are kept side by side, those with the least left to do.
 *
 * Guaranteed: two neighbours of a cycle are matched with probability 1/(ñ − 1), and no other split comes between them, so a layer leaves on average
 * at most a part 1 − 1/(ñ − 1) of the transpositions, whatever the beam; see `layersEnough`.
 * @throws ArgumentError unless the beam is a positive integer.
 */
export function splittingRouter({ beam = 1 }: { readonly beam?: number } = {}): Router {
  if (!Number.isSafeInteger(beam) || beam < 1) throw new ArgumentError("splittingRouter", `beam must be a positive integer, got ${beam}`);
  return (target, permutations) => {
    const { matchings, wanted } = tracksOf(target, permutations);
    const destination = inverse(wanted);
    let states: readonly State[] = [{ destination, left: destination.length - cycles(destination), swaps: null, before: null }];
    for (const tracks of matchings) {
      const [best] = states as readonly [State];
      if (best.left === 0) break;
      const pairs = tracks.length / 2;
      const starts = beam === 1 ? [0] : [0, Math.floor(pairs / 3), Math.floor((2 * pairs) / 3)];
      const next = states.flatMap((state) => starts.map((start) => split(state, tracks, start)));
      states = beam === 1 ? next : distinct(next.sort((a, b) => a.left - b.left)).slice(0, beam);
    }
    const [best] = states as readonly [State];
    return best.left === 0 ? [...history(best), ...noSwaps(matchings)].slice(0, matchings.length) : null;
  };
}

/**
 * Layers that do for `runs` targets with probability at least 1 − δ over uniformly random permutations: a run that has T of them is not done with
 * probability at most (ñ − 1) (1 − 1/(ñ − 1))ᵀ ≤ (ñ − 1) e^{−T/(ñ − 1)}, which is δ/runs at T = (ñ − 1) log((ñ − 1) runs/δ).
 */
export const layersEnough = (ñ: number, runs: number, δ = 0.01): number =>
  runs * Math.max(1, Math.ceil((ñ - 1) * portable.log(((ñ - 1) * runs) / δ)));

/** Takes the pairs of a layer in turn, from one of them on, and swaps those that stand in one cycle. */
function split(state: State, tracks: Int32Array, start: number): State {
  const destination = state.destination.slice();
  const pairs = tracks.length / 2;
  const swaps = new Uint8Array(pairs);
  let { left } = state;
  for (let i = 0; i < pairs; i++) {
    const pair = (start + i) % pairs;
    const [a, b] = [tracks[2 * pair] as number, tracks[2 * pair + 1] as number];
    if (!inOneCycle(destination, a, b)) continue;
    [destination[a], destination[b]] = [destination[b] as number, destination[a] as number];
    swaps[pair] = 1;
    left--;
  }
  return { destination, left, swaps, before: state };
}

function inOneCycle(p: Int32Array, a: number, b: number): boolean {
  for (let t = p[a] as number; t !== a; t = p[t] as number) if (t === b) return true;
  return false;
}

/** How many cycles a permutation has, fixed points among them. */
function cycles(p: Int32Array): number {
  const seen = new Uint8Array(p.length);
  let count = 0;
  for (let start = 0; start < p.length; start++) {
    if (seen[start] === 1) continue;
    count++;
    for (let t = start; seen[t] !== 1; t = p[t] as number) seen[t] = 1;
  }
  return count;
}

function distinct(states: readonly State[]): readonly State[] {
  return [...new Map(states.map((state) => [state.destination.join(), state])).values()];
}

function history(last: State): Swaps {
  const swaps: Uint8Array[] = [];
  for (let state: State | null = last; state?.swaps; state = state.before) swaps.unshift(state.swaps);
  return swaps;
}
