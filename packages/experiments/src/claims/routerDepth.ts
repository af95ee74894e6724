import { exactRouter, layersEnough, type Router, splittingRouter } from "@lodo/preconditioner";
import { createRng, permutation, portable, type Rng } from "@lodo/tensor";
import fc from "fast-check";
import { boundMargin, sampleMean } from "./apparatus/bounds.ts";
import { seeds } from "./apparatus/cases.ts";
import { layersUsed, performs } from "./apparatus/routing.ts";
import { secondMoment } from "./apparatus/secondMoment.ts";
import { type Claim, defineClaim } from "./claim.ts";

interface Case {
  /** A width for exact search. */
  readonly small: number;
  readonly wide: number;
  readonly seed: number;
}

interface Subject {
  readonly exact: Router;
  readonly splitting: Router;
  /** Keeps several states. */
  readonly beam: Router;
}

const subject: Subject = { exact: exactRouter, splitting: splittingRouter(), beam: splittingRouter({ beam: 8 }) };

const draws = 12;

export const routerDepth: Claim = defineClaim<Case, Subject>({
  id: "router-depth",
  reference: "Appendix C, first part",
  statement:
    "Where the proof counts, swaps can be found: exact search (to 8 units) uses the fewest layers, on average at most Σ X/(1 + X) over M ≥ 0; splitting cycles always ends, on average within (ñ − 1)(log(ñ − 1) + 1) + 1 layers, of order ñ log ñ. A better router saves most of that. Layers on average, exact | beam of 64 states | splitting: 2.7 | – | 3.4 at ñ = 4, 4.2 | 4.6 | 8.0 at 6, 5.2 | 5.5 | 13 at 8, – | 13 | 42 at 16, – | 43 | 104 at 32; splitting 256 at 64 and 601 at 128.",
  status: "proved",
  cases: fc.record({ small: fc.constantFrom(4, 6, 8), wide: fc.integer({ min: 5, max: 16 }).map((pairs) => 2 * pairs), seed: seeds }),
  runs: 16,
  subject,
  wrong: {
    "the inverse of the target": { ...subject, exact: (target, P) => exactRouter(inverted(target), P) },
    "swaps one layer late": {
      ...subject,
      splitting(target, P) {
        const swaps = splittingRouter()(target, P);
        return swaps && [swaps.at(-1) as Uint8Array, ...swaps.slice(0, -1)];
      },
    },
    "exact search that sees every other layer": { ...subject, exact: everyOtherLayer(exactRouter) },
    "splitting in every fourth layer": { ...subject, splitting: everyOtherLayer(everyOtherLayer(splittingRouter())) },
  },
  margin({ small, wide, seed }, { exact, splitting, beam }) {
    const rng = createRng(seed);
    const exactly = Array.from({ length: draws }, () => {
      const { target, P } = drawn(rng, small);
      return { fewest: used(exact, target, P), others: [splitting, beam].map((route) => used(route, target, P)) };
    });
    const split = Array.from({ length: draws }, () => {
      const { target, P } = drawn(rng, wide);
      return used(splitting, target, P);
    });
    return Math.min(
      ...exactly.map(({ fewest, others }) => (others.every((layers) => fewest <= layers && Number.isFinite(layers)) ? 1 : -1)),
      meanAtMost(
        exactly.map(({ fewest }) => fewest),
        fewestLayers(small),
      ),
      meanAtMost(split, splittingLayers(wide)),
    );
  },
});

function drawn(rng: Rng, ñ: number): { readonly target: Int32Array; readonly P: readonly Int32Array[] } {
  // Too many to fail once in a million cases.
  const layers = layersEnough(ñ, 1, 1e-9);
  return { target: permutation(rng, ñ), P: Array.from({ length: layers }, () => permutation(rng, ñ)) };
}

/** Infinite where the router does not perform the target. */
function used(route: Router, target: Int32Array, P: readonly Int32Array[]): number {
  const swaps = route(target, P);
  return swaps && performs(P, swaps, target) ? layersUsed(swaps) : Number.POSITIVE_INFINITY;
}

function meanAtMost(layers: readonly number[], bound: number): number {
  if (!layers.every(Number.isFinite)) return Number.NEGATIVE_INFINITY;
  const { mean, error } = sampleMean(layers);
  return boundMargin(mean - 6 * error, bound);
}

/** Σ_{M ≥ 0} P(M layers miss the target) ≤ Σ X/(1 + X), to where the terms, which at least halve, are below rounding. */
function fewestLayers(ñ: number): number {
  let sum = 0;
  for (let M = 0; M < 64; M++) sum += secondMoment(ñ, M) / (1 + secondMoment(ñ, M));
  return sum;
}

/** Σ_{T ≥ 0} min(1, (ñ − 1) (1 − 1/(ñ − 1))ᵀ) ≤ (ñ − 1)(log(ñ − 1) + 1) + 1 */
const splittingLayers = (ñ: number): number => (ñ - 1) * (portable.log(ñ - 1) + 1) + 1;

/** A router that leaves every other layer idle; what idles moves units all the same, so its permutation is joined with the next. */
function everyOtherLayer(route: Router): Router {
  return (target, P) => {
    const joined = P.flatMap((Pᵢ, i) => (i % 2 === 1 ? [Pᵢ.map((from) => (P[i - 1] as Int32Array)[from] as number)] : []));
    return route(target, joined)?.flatMap((layer) => [new Uint8Array(layer.length), layer]) ?? null;
  };
}

const inverted = (target: Int32Array): Int32Array => target.map((_, i) => target.indexOf(i));
