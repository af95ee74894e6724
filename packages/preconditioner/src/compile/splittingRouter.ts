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
 * Swaps every matched pair that stands in one cycle of the permutation still to do, which splits the cycle.
 *
 * Guaranteed: two neighbours of a cycle are matched with probability 1/(ñ − 1), and no other split comes between them, so a layer leaves on average
 * at most a part 1 − 1/(ñ − 1) of the transpositions; see `layersEnough`.
 *
 * With a `beam` it also tries to leave out one split or to join two cycles, and keeps that many states for each number of transpositions left, up to
 * two above the least: the more different states wait for their last pairs to meet, the sooner some do.
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
      states =
        beam === 1
          ? [split(best, tracks)]
          : leading(
              states.flatMap((state) => variants(state, tracks)),
              beam,
            );
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

/** Swaps the pairs of a layer that stand in one cycle, one after another; the pair `except` the other way about, and before all others. */
function split(state: State, tracks: Int32Array, except = -1): State {
  const destination = state.destination.slice();
  const swaps = new Uint8Array(tracks.length / 2);
  let { left } = state;
  const visit = (pair: number): void => {
    const [a, b] = [tracks[2 * pair] as number, tracks[2 * pair + 1] as number];
    const splits = inOneCycle(destination, a, b);
    if (splits === (pair === except)) return;
    [destination[a], destination[b]] = [destination[b] as number, destination[a] as number];
    swaps[pair] = 1;
    left += splits ? -1 : 1;
  };
  if (except >= 0) visit(except);
  for (let pair = 0; pair < swaps.length; pair++) if (pair !== except) visit(pair);
  return { destination, left, swaps, before: state };
}

const variants = (state: State, tracks: Int32Array): readonly State[] =>
  Array.from({ length: tracks.length / 2 + 1 }, (_, i) => split(state, tracks, i - 1));

/** Different states, the first `beam` for each of the three least numbers left. */
function leading(states: readonly State[], beam: number): readonly State[] {
  const least = states.reduce((left, state) => Math.min(left, state.left), Number.POSITIVE_INFINITY);
  return [0, 1, 2].flatMap((more) => {
    const kept = new Map<string, State>();
    for (const state of states) {
      if (kept.size === beam) break;
      if (state.left === least + more) kept.set(state.destination.join(), state);
    }
    return [...kept.values()];
  });
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

function history(last: State): Swaps {
  const swaps: Uint8Array[] = [];
  for (let state: State | null = last; state?.swaps; state = state.before) swaps.unshift(state.swaps);
  return swaps;
}
