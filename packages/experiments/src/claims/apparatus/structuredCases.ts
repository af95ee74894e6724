import { blockPermutation, type Layers, type Preconditioner } from "@lodo/preconditioner";
import { add, array, createRng, normal, type Rng, scale } from "@lodo/tensor";
import fc from "fast-check";
import type { Matrix as Dense } from "ml-matrix";
import { seeds } from "./cases.ts";
import { type Twin, twinAt, twinOf } from "./denseTwin.ts";
import { symmetricWith } from "./symmetricMatrix.ts";

export interface StructuredCase {
  readonly n: number;
  readonly k: number;
  readonly N: number;
  /** How far each entry of a block is moved from its start, in standard deviations of an entry of an orthogonal block. */
  readonly away: number;
  readonly seed: number;
}

export const structuredCases: fc.Arbitrary<StructuredCase> = fc.record({
  n: fc.integer({ min: 1, max: 7 }),
  k: fc.integer({ min: 1, max: 4 }),
  N: fc.integer({ min: 1, max: 4 }),
  away: fc.constantFrom(0.1, 0.3, 1),
  seed: seeds,
});

export interface Structured {
  /** α₀ makes ‖G(θ)‖_F = 1, so that steps on a bowl with ‖H‖ = 1 do not diverge; `init` gives θ. */
  readonly G: Preconditioner<Layers>;
  readonly θ: Layers;
  readonly twin: Twin;
  readonly H: Dense;
  readonly rng: Rng;
  /** Products and sums on the way through G. */
  readonly roundings: number;
}

export function structuredAt({ n, k, N, away, seed }: StructuredCase): Structured {
  const rng = createRng(seed);
  const make = (alpha0: number): Preconditioner<Layers> =>
    blockPermutation({ dim: n, blockSize: k, depth: N, alpha0, rng: rng.split("structure") });
  const start = make(1).init(rng.split("start"));
  const θ = add(start, scale(away / Math.sqrt(k), normal(rng.split("away"), start.shape)));
  const size = twinAt(twinOf(make(1), θ.shape), array(θ)).G.norm();
  const G = { ...make(1 / size), init: () => θ };
  const H = symmetricWith(
    rng.split("curvature"),
    Array.from({ length: n }, (_, i) => 1 - (0.9 * i) / n),
  );
  return { G, θ, twin: twinOf(G, θ.shape), H, rng, roundings: (2 * N + 2) * (k + 1) };
}
